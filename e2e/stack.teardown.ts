import { stack } from './stack';

export default async function teardown(): Promise<void> {
  if (process.env['E2E_KEEP'] === undefined) await stack('clean');
}
