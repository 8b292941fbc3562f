import { readRebuildSettings } from './config.js';
import { rebuildAccounts } from './outbound/rebuild.js';

/** Rebuilds the snapshot from the events; exit code 0 when it said the same, byte for byte, 3 when it had to be put right. */
async function main(): Promise<number> {
  const { DATABASE_OWNER_URL: ownerUrl } = readRebuildSettings();
  const { accounts, events, rebuilt, stored, repaired } = await rebuildAccounts({ ownerUrl, onProgress });
  process.stderr.write('\n');
  process.stdout.write(
    `${accounts} accounts from ${events} events\nrebuilt  sha256 ${rebuilt}\nsnapshot sha256 ${stored}\n`,
  );
  if (repaired === 0 && rebuilt === stored) {
    process.stdout.write('The snapshot is the same, byte for byte.\n');
    return 0;
  }
  const again = await rebuildAccounts({ ownerUrl });
  const right = again.repaired === 0 && again.rebuilt === again.stored;
  process.stdout.write(`${repaired} accounts differed and ${right ? 'are put right' : 'STILL DIFFER'}.\n`);
  return right ? 3 : 1;
}

const WIDTH = 40;
let shown = -1;

/** A bar on a terminal, a line for each tenth elsewhere. */
function onProgress(done: number, of: number): void {
  const percent = of === 0 ? 100 : Math.floor((100 * done) / of);
  if (percent === shown || (!process.stderr.isTTY && percent % 10 !== 0)) return;
  shown = percent;
  const bar = '#'.repeat(Math.floor((WIDTH * percent) / 100)).padEnd(WIDTH, '.');
  process.stderr.write(`${process.stderr.isTTY ? '\r' : '\n'}[${bar}] ${percent} %  ${done} of ${of} events`);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(
      `\nthe points could not be rebuilt: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  },
);
