import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { migrate } from '@g-store/messaging';
import { table, verdict } from '../document.mts';
import type { Figure, Numbers } from '../figure.mts';
import { percent, tell, times, twoDecimals, whole } from '../words.mts';
import { postgresSettings, startStack, withClient, type BenchStack } from '../stack.mts';
import { medians } from '../statistics.mts';
import type { Answer, Order } from './contestant.mts';
import { findPgbench, howToInstall, pgbench, PGBENCH_CLIENTS } from './pgbench.mts';

const { ordersMigration } = (await import(
  import.meta.resolve('../../services/orders/dist/migrations/001-orders.js')
)) as typeof import('../../services/orders/src/migrations/001-orders.js');

/** One contender over all rounds; CPU in microseconds per order. */
export type Run = Answer & { readonly postgresCpu: number };

interface Contestant extends AsyncDisposable {
  readonly name: string;
  measure(order: Order): Promise<Answer>;
}

const peers = ['pg', 'knex', 'pg-boss', 'graphile-worker'] as const;
const CALLERS = [64, 256] as const;
const OURS_CONNECTIONS = 2;

export const commands: Figure = {
  name: 'commands',
  title: 'Command → durable',
  versionsOf: ['pg', 'knex', 'pg-boss', 'graphile-worker'],
  holds:
    'The disk and the indexes. A command waits for the batch in hand and for its own, and each batch for one flush of the log, 1–3 ms here (`pg_test_fsync`), so p99 follows the disk before anything else. Of the CPU, PostgreSQL takes three quarters: half of that goes into the six indexes of `orders`, two of them on the random order number. Node needs 13–20 µs an order, most of it for writing rows as text and for two socket writes a batch.',
  what: 'An order with its history and its outbox row, from the call to the answer after COMMIT, for 64 and 256 callers who each wait for their answer before the next call. PostgreSQL writes through to disk (fsync, synchronous_commit on). Every contender makes the same decision, encodes the same event, has a process and a database of its own, and takes its turn in each round.',
  floor: '2.5 × pgbench with a transaction each in the same run; p99 ≤ 4 ms at 64 callers',
  goal: '4.5 × and at least half of pgbench in batches; p99 ≤ 2 ms at 64 callers',

  async measure({ quick, repeats }) {
    await using stack = await startStack(['postgres']);
    const [warm, seconds] = quick ? [0.3, 0.5] : [2, 4];
    const contestants: Contestant[] = [];
    const program = findPgbench();
    if (program === undefined) tell(`  ${howToInstall}: its rows stay empty`);
    try {
      for (const name of ['ours', ...peers]) contestants.push(await startContestant(stack, name));
      if (program !== undefined) contestants.push(...(await startPgbench(stack, program)));
      const runs = new Map<string, Run[]>();
      for (const callers of CALLERS) {
        for (const contestant of contestants) await contestant.measure({ callers, seconds: warm });
        for (let round = 1; round <= repeats; round++) {
          for (const contestant of contestants) {
            const run = await measured(stack, contestant, { callers, seconds });
            const key = `${contestant.name} ${callers}`;
            runs.set(key, [...(runs.get(key) ?? []), run]);
            tell(
              `  round ${round}/${repeats}  ${callers} callers  ${contestant.name.padEnd(22)} ${whole(run.perSecond).padStart(8)}/s  p99 ${twoDecimals(run.p99Ms)} ms`,
            );
          }
        }
      }
      return { settings: await postgresSettings(stack.superuserUrl), numbers: Object.fromEntries(runs) };
    } finally {
      for (const contestant of contestants) await contestant[Symbol.asyncDispose]();
    }
  },

  render: ({ numbers }) => [...CALLERS.map((callers) => resultsAt(numbers, callers)), reached(numbers)].join('\n\n'),
};

async function measured(stack: BenchStack, contestant: Contestant, order: Order): Promise<Run> {
  await withClient(stack.superuserUrl, (client) => client.query('CHECKPOINT'));
  const before = stack.cpuOf('postgres');
  const answer = await contestant.measure(order);
  const orders = answer.perSecond * order.seconds;
  return { ...answer, postgresCpu: ((stack.cpuOf('postgres') - before) / orders) * 1e6 };
}

async function databaseFor(stack: BenchStack, name: string) {
  const database = await stack.freshDatabase(`commands_${name.replaceAll('-', '_')}`);
  await migrate({ ...database, migrations: [ordersMigration] });
  return database;
}

async function startContestant(stack: BenchStack, name: string): Promise<Contestant> {
  const { url, ownerUrl } = await databaseFor(stack, name);
  const child = fork(join(import.meta.dirname, 'contestant.mts'), [name, url, ownerUrl], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await message(child);
  return {
    name,
    async measure(order) {
      child.send(order);
      const { answer, error } = (await message(child)) as { answer?: Answer; error?: string };
      if (answer === undefined) throw new Error(`${name}: ${error}`);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.send('end');
      await ended;
    },
  };
}

const message = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once('message', (given) => (child.off('exit', failed), resolve(given)));
    const failed = (code: number | null): void => reject(new Error(`a contender ended with ${code}`));
    child.once('exit', failed);
  });

async function startPgbench(stack: BenchStack, program: string): Promise<readonly Contestant[]> {
  const { ownerUrl: each } = await databaseFor(stack, 'pgbench');
  const { ownerUrl: batches } = await databaseFor(stack, 'pgbench-batches');
  const wholeSeconds = (seconds: number): number => Math.max(1, Math.round(seconds)); // pgbench knows no halves
  const none = { [Symbol.asyncDispose]: () => Promise.resolve() };
  return [
    {
      ...none,
      name: 'pgbench',
      measure: ({ callers, seconds }) =>
        pgbench(program, {
          url: each,
          clients: Math.min(callers, PGBENCH_CLIENTS),
          batch: 1,
          seconds: wholeSeconds(seconds),
        }),
    },
    {
      ...none,
      name: 'pgbench in batches',
      measure: ({ callers, seconds }) =>
        pgbench(program, {
          url: batches,
          clients: OURS_CONNECTIONS,
          batch: callers / OURS_CONNECTIONS,
          seconds: wholeSeconds(seconds),
        }),
    },
  ];
}

const titles: Readonly<Record<string, string>> = {
  ours: '**our unit of work**',
  pg: '`pg`, a transaction each',
  knex: 'knex, a transaction each',
  'pg-boss': 'pg-boss inside a `pg` transaction',
  'graphile-worker': 'graphile-worker inside a `pg` transaction',
  pgbench: 'limit: pgbench, a transaction each',
  'pgbench in batches': 'limit: pgbench in batches',
};

const runsOf = (numbers: Numbers, name: string, callers: number): readonly Run[] =>
  (numbers[`${name} ${callers}`] ?? []) as unknown as readonly Run[];

const medianOf = (numbers: Numbers, name: string, callers: number): Run | undefined => {
  const runs = runsOf(numbers, name, callers);
  return runs.length === 0 ? undefined : medians(runs);
};

function resultsAt(numbers: Numbers, callers: number): string {
  const ours = medianOf(numbers, 'ours', callers);
  const rows = Object.entries(titles).map(([name, title]) => {
    const run = medianOf(numbers, name, callers);
    if (run === undefined || ours === undefined) return [title, 'not measured', '', '', '', '', ''];
    const { perSecond, p50Ms, p99Ms, clientCpu, postgresCpu } = run;
    const ratio = name === 'ours' ? '' : times(ours.perSecond / perSecond);
    return [
      title,
      whole(perSecond),
      ratio,
      twoDecimals(p50Ms),
      twoDecimals(p99Ms),
      whole(clientCpu),
      whole(postgresCpu),
    ];
  });
  const heads = [
    `${callers} callers`,
    'orders/s',
    'ours is',
    'p50 ms',
    'p99 ms',
    'CPU µs an order: client',
    'PostgreSQL',
  ];
  return table(heads, rows);
}

function reached(numbers: Numbers): string {
  return CALLERS.map((callers) => {
    const [ours, single, batches] = ['ours', 'pgbench', 'pgbench in batches'].map((name) =>
      medianOf(numbers, name, callers),
    );
    if (ours === undefined || single === undefined || batches === undefined)
      return `${callers} callers: the limit was not measured.`;
    const ratio = ours.perSecond / single.perSecond;
    const share = ours.perSecond / batches.perSecond;
    const latency =
      callers === 64
        ? [{ what: `p99 ${twoDecimals(ours.p99Ms)} ms`, floor: ours.p99Ms <= 4, goal: ours.p99Ms <= 2 }]
        : [];
    return `${callers} callers: ${verdict([
      { what: `${times(ratio)} pgbench with a transaction each`, floor: ratio >= 2.5, goal: ratio >= 4.5 },
      { what: `${percent(share)} of pgbench in batches`, floor: true, goal: share >= 0.5 },
      ...latency,
    ])}`;
  })
    .map((line) => `- ${line}`)
    .join('\n');
}
