import { stack } from './stack';

/** A stack from nothing for all files of the suite; `E2E_KEEP=1` leaves it running for the next run. */
export default async function setup(): Promise<void> {
  if (process.env['E2E_KEEP'] === undefined) await stack('clean');
  await stack('up', '--no-seed');
}
