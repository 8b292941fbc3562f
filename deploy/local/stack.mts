import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { backup, restore } from './backup.mts';
import { down } from './down.mts';
import { lockStack } from './lock.mts';
import { filterOf, printLogs } from './logs.mts';
import { partsOf } from './parts.mts';
import { createProgress } from './progress.mts';
import { readStack, type Stack } from './settings.mts';
import { printStatus, statusOf } from './status.mts';
import { up } from './up.mts';
import { welcome } from './welcome.mts';
import { StackRefused } from './stack-refused.mts';

const usage = `node deploy/local/stack.mts up|down|status|logs|backup|restore|clean

  up      --only postgres,kafka,…   these parts alone     --no-seed   no demo people
  down    --only kafka,…            these parts alone
  status  --json
  logs    --lines 200 --follow; SERVICE=orders LEVEL=warn ORDER=<id> TRACE=<id>
  backup  FILE=shop.tar, or a name of the moment in .local/backups
  restore FILE=shop.tar             all databases     DATABASE=orders   this one alone
  clean   down, then delete the data

Settings: STACK (name), PORT_OFFSET, NOTIFICATIONS_INSTANCES=3, RATE_LIMITS=on, KAFKA_BROKERS,
DATABASE_URL_ORDERS with DATABASE_OWNER_URL_ORDERS (and so on), ENV_ORDERS_<VARIABLE> for one service.`;

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      'no-seed': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      follow: { type: 'boolean', short: 'f', default: Boolean(process.env['FOLLOW']) },
      lines: { type: 'string', default: process.env['LINES_SHOWN'] ?? '200' },
    },
  });
  const stack = readStack(process.env);
  const progress = createProgress((text) => process.stdout.write(text));
  const only = values.only?.split(',').filter((name) => name !== '');
  if (only) checkNames(stack, only);
  switch (positionals[0]) {
    case 'up': {
      using _lock = await lockStack(stack, { interrupt: false });
      await up(stack, { only, seed: !values['no-seed'] }, progress, interruption());
      if (only === undefined) process.stdout.write(welcome(stack));
      return;
    }
    case 'down': {
      using _lock = await lockStack(stack, { interrupt: true });
      return await down(stack, only, progress);
    }
    case 'backup': {
      using _lock = await lockStack(stack, { interrupt: false });
      return await backup(stack, process.env['FILE'] || undefined, progress, interruption());
    }
    case 'restore': {
      using _lock = await lockStack(stack, { interrupt: false });
      const wanted = { file: process.env['FILE'], database: process.env['DATABASE'] };
      return await restore(stack, wanted, progress, interruption());
    }
    case 'clean': {
      using _lock = await lockStack(stack, { interrupt: true });
      await down(stack, undefined, progress);
      rmSync(stack.home, { recursive: true, force: true });
      return;
    }
    case 'status': {
      const parts = await statusOf(stack);
      process.stdout.write(`${values.json ? JSON.stringify(parts, null, 2) : printStatus(parts)}\n`);
      process.exitCode = parts.every(({ ready }) => ready) ? 0 : 3;
      return;
    }
    case 'logs':
      return printLogs(stack, filterOf(process.env), { lines: Number(values.lines), follow: values.follow });
    default:
      throw new StackRefused(usage);
  }
}

function checkNames(stack: Stack, only: readonly string[]): void {
  const known = new Set(partsOf(stack).flatMap(({ calledBy }) => calledBy));
  const unknown = only.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new StackRefused(`--only ${unknown.join(',')}: write some of ${[...known].join(', ')}`);
}

/** Turns Ctrl-C into an end of the work at hand; what was started is then stopped in order, however often it is pressed. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort(new StackRefused('interrupted: what was started is stopped again', 130)));
  }
  return controller.signal;
}

// `make logs | head` ends when head has seen enough.
process.stdout.on('error', () => process.exit());

// kafkajs asks for timers in the past, on which Node remarks each time; nobody who starts a shop needs to know.
process.removeAllListeners('warning').on('warning', (warning) => {
  if (warning.name !== 'TimeoutNegativeWarning') console.warn(warning);
});

main(process.argv.slice(2)).catch((error: unknown) => {
  const refused = error instanceof StackRefused;
  process.stderr.write(`\n${refused ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = refused ? error.exitCode : 1;
});
