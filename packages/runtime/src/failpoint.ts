import { systemTimers } from './system.js';

type Reach = (name: string) => Promise<void> | undefined;

/**
 * A place where a test may break the process. Nothing happens unless the process was started with GSTORE_FAILPOINTS=on
 * and with this name in FAILPOINTS, a list of `name=mode`: `exit` ends the process at once with code 137, `throw` throws
 * here, `pause:<ms>` gives a promise that takes as long, `off` does nothing.
 */
export const failpoint: Reach = failpointsFrom(process.env);

export function failpointsFrom(env: Readonly<Record<string, string | undefined>>): Reach {
  if (env['GSTORE_FAILPOINTS'] !== 'on' || !env['FAILPOINTS']) return () => undefined;
  const actByName = new Map(env['FAILPOINTS'].split(',').map(parsed));
  return (name) => actByName.get(name)?.();
}

function parsed(entry: string): readonly [name: string, act: () => Promise<void> | undefined] {
  const [name = '', mode = ''] = entry.split('=').map((word) => word.trim());
  const pause = /^pause:(\d+)$/.exec(mode)?.[1];
  if (name !== '' && pause !== undefined) return [name, () => systemTimers.sleep(Number(pause))];
  if (name !== '' && mode === 'off') return [name, () => undefined];
  if (name !== '' && mode === 'exit') return [name, () => process.exit(137)];
  if (name !== '' && mode === 'throw') {
    return [
      name,
      () => {
        throw new Error(`failpoint ${name}`);
      },
    ];
  }
  throw new Error(`FAILPOINTS: '${entry}' is not name=exit, name=throw, name=pause:<ms> or name=off`);
}
