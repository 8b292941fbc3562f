import { parseArgs } from 'node:util';
import { exitCodeOf, jsonOf, passes, printFindings } from './verify/print.mts';
import { neededServices, verifyStack } from './verify/verify-stack.mts';
import { findStack, ToolRefused } from './verify/where.mts';

const usage = `npm run verify [-- --wait 60 --json]

Looks at every database and topic of a running stack, changing nothing, and says which invariants hold, with evidence.

  --wait [seconds]    first waits until nothing is under way: all published, all heard, no order pending (60 s at most)
  --json              prints what was found as JSON
  --parked <n>        so many messages are parked on purpose (0)
  --foreign <n>       so many records lie in Kafka on purpose that no outbox told (0)

Where nothing was looked at the verdict is unknown, and that does not pass.
Exit code: 0 all hold, 1 something is violated, 3 something is unknown, 2 it could not look.

STACK names another stack than main. DATABASE_URL_ORDERS (and so on), KAFKA_BROKERS and GATEWAY_URL point anywhere else.`;

// kafkajs asks for timers in the past, on which Node remarks each time.
process.removeAllListeners('warning').on('warning', (warning) => {
  if (warning.name !== 'TimeoutNegativeWarning') console.warn(warning);
});

/** `--wait` alone means the usual time. */
const withSeconds = (args: readonly string[]): string[] =>
  args.map((arg, index) => (arg === '--wait' && !/^\d+$/.test(args[index + 1] ?? '') ? '--wait=60' : arg));

function count(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new ToolRefused(`--${option} ${text}: write a whole number`);
  return Number(text);
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: withSeconds(args),
      options: {
        wait: { type: 'string', default: '0' },
        json: { type: 'boolean', default: false },
        parked: { type: 'string', default: '0' },
        foreign: { type: 'string', default: '0' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new ToolRefused(`${(error as Error).message}\n\n${usage}`);
  }
}

async function main(): Promise<number> {
  const { json, help, ...counts } = read(process.argv.slice(2));
  if (help) return (process.stdout.write(`${usage}\n`), 0);
  const where = findStack(process.env, { databases: neededServices, kafka: true });
  const findings = await verifyStack(where, {
    wait: count('wait', counts.wait),
    parked: count('parked', counts.parked),
    foreign: count('foreign', counts.foreign),
    now: Date.now(),
    progress: (text) => process.stderr.write(`${text}\n`),
  });
  const passed = findings.filter(passes).length;
  process.stdout.write(
    json
      ? `${jsonOf(findings)}\n`
      : `\n${printFindings(findings)}\n\n${passed} of ${findings.length} invariants hold (${where.name})\n`,
  );
  return exitCodeOf(findings);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof ToolRefused ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 2;
}
