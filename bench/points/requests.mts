import { cpus } from 'node:os';
import { Pool } from 'undici';
import { ownCpu } from '../cpu.mts';
import { table, verdict } from '../document.mts';
import type { Numbers } from '../figure.mts';
import { drain, type Drained } from '../journey/drain.mts';
import { startNaive } from '../naive/start.mts';
import type { Customer } from '../shop.mts';
import { withClient } from '../stack.mts';
import { medians } from '../statistics.mts';
import { percent, tell, times, twoDecimals, whole } from '../words.mts';
import type { PointsPart } from './part.mts';
import { pointsDatabase, startPoints } from './service.mts';
import { hearApplied, requestInNaive, requestInOurs } from './told.mts';

/** CPU in milliseconds per request, by process. */
type Run = Drained & { readonly [cpu: `cpu ${string}`]: number };

const CALLERS = 64;
const ACCOUNTS = 10_000;
const AHEAD = 1_000;
const FLOOR = 1_500;
const naiveTopics = ['bench.naive.requests', 'bench.naive.points'] as const;

export const requests: PointsPart = {
  name: 'a',
  title: 'Requests, accepted and applied',
  what: `\`POST /v1/point/add\` (staff API key, validation, audit) by ${CALLERS} callers, over ${whole(ACCOUNTS)} accounts and on a single one: request → outbox → Kafka → inbox → event and balance → outbox → Kafka, counted until the last PointsAdjusted was heard. Everything runs on this machine's cores: PostgreSQL, Kafka, the service and the load generator. The naive version (\`bench/naive/points.mts\`) has a transaction per request and per message and is spared the key, validation, audit and the log.`,

  async measure(stack, { quick, repeats }) {
    const { kafkaBrokers: brokers } = stack.description;
    const database = await pointsDatabase(stack, 'points_requests');
    const { ownerUrl: url } = await stack.freshDatabase('points_naive');
    await using ours = await startPoints(stack, database);
    await using naive = await startNaive(['points'], naiveTopics, { url, brokers });
    await using oursTold = await hearApplied(brokers, 'points.events', requestInOurs);
    await using naiveTold = await hearApplied(brokers, naiveTopics[1], requestInNaive);
    await using oursPool = closing(new Pool(ours.url, { connections: CALLERS }));
    await using naivePool = closing(new Pool(naive.addressOf('points'), { connections: CALLERS }));
    const infrastructure = { postgres: () => stack.cpuOf('postgres'), kafka: () => stack.cpuOf('kafka'), load: ownCpu };
    const sides = [
      {
        name: 'ours',
        told: oursTold,
        add: adding(oursPool.pool, { 'x-staff-api-key': ours.key }),
        requests: quick ? 300 : 12_000,
        cpu: { points: ours.cpu, ...infrastructure },
      },
      {
        name: 'naive',
        told: naiveTold,
        add: adding(naivePool.pool, {}),
        requests: quick ? 50 : 1_500,
        cpu: { points: () => naive.cpuOf('points'), ...infrastructure },
      },
    ];
    const runs: Record<string, Run[]> = {};
    for (const side of sides) await oneRun(side, crowd(side.add), Math.min(side.requests, 3_000));
    for (let round = 1; round <= repeats; round++) {
      for (const side of sides) {
        for (const [where, accounts] of [
          ['10,000', crowd(side.add)],
          ['hot', hot(side.add)],
        ] as const) {
          const run = await oneRun(side, accounts, side.requests);
          const key = `${side.name} ${where}`;
          runs[key] = [...(runs[key] ?? []), run];
          tell(
            `  a ${round}/${repeats}  ${key.padEnd(13)} ${whole(run.perSecond).padStart(6)} requests/s, applied p50 ${whole(run.toldP50)} ms, CPU ${twoDecimals(cpuSum(run))} ms a request`,
          );
        }
      }
    }
    await checkApplied(database.url, oursTold.twice);
    return runs;
  },

  render(numbers) {
    const all = ['ours 10,000', 'ours hot', 'naive 10,000', 'naive hot'].map(
      (name) => [name, runOf(numbers, name)] as const,
    );
    const [spread, one, naive] = all.map(([, run]) => run) as [Run, Run, Run];
    const stages = stagesOf(spread);
    const limit = (cpus().length * 1_000) / cpuSum(spread);
    const titles: Readonly<Record<string, string>> = {
      'ours 10,000': '**ours, 10,000 accounts**',
      'ours hot': '**ours, one account**',
      'naive 10,000': 'naive, 10,000 accounts',
      'naive hot': 'naive, one account',
    };
    return [
      table(
        [
          '',
          'applied, requests/s',
          'accepted, requests/s',
          'applied: p50 ms',
          'p99 ms',
          ...stages.map((stage) => `CPU ms: ${stage}`),
          'all',
        ],
        [
          ...all.map(([name, run]) => [
            titles[name] ?? name,
            ...[run.perSecond, run.placedPerSecond, run.toldP50, run.toldP99].map(whole),
            ...stages.map((stage) => twoDecimals(run[`cpu ${stage}`] ?? 0)),
            twoDecimals(cpuSum(run)),
          ]),
          [
            `limit: ${cpus().length} cores at ${twoDecimals(cpuSum(spread))} ms a request`,
            whole(limit),
            ...Array<string>(stages.length + 4).fill(''),
          ],
        ],
      ),
      `At most ${whole(AHEAD)} requests are under way. Reached: ${verdict([
        { what: `${whole(spread.perSecond)} requests/s`, floor: spread.perSecond >= FLOOR, goal: false },
        {
          what: `${percent(one.perSecond / spread.perSecond)} of it on one account`,
          floor: one.perSecond >= spread.perSecond / 2,
          goal: false,
        },
      ])}; ${times(spread.perSecond / naive.perSecond)} the naive version, ${percent(spread.perSecond / limit)} of what the cores allow.`,
    ].join('\n\n');
  },
};

type Add = (userId: number) => Promise<string>;

/** Answers with the id of the request, out of the address at which its fate can be asked. */
const adding =
  (pool: Pool, credential: Readonly<Record<string, string>>): Add =>
  async (userId) => {
    const { statusCode, headers, body } = await pool.request({
      method: 'POST',
      path: '/v1/point/add',
      headers: { ...credential, 'content-type': 'application/json' },
      body: `{"user_id":${userId},"point":12}`,
    });
    const text = await body.text();
    if (statusCode !== 202) throw new Error(`POST /v1/point/add: ${statusCode} ${text}`);
    return String(headers['location']).split('/').at(-1) ?? '';
  };

type Accounts = readonly Pick<Customer, 'place'>[];

const crowd = (add: Add): Accounts => Array.from({ length: ACCOUNTS }, (_, i) => ({ place: () => add(i + 1) }));
const hot = (add: Add): Accounts => [{ place: () => add(ACCOUNTS + 1) }];

interface Side {
  readonly told: Parameters<typeof drain>[0];
  /** CPU seconds so far, by process. */
  readonly cpu: Readonly<Record<string, () => number>>;
}

async function oneRun({ told, cpu }: Side, customers: Accounts, orders: number): Promise<Run> {
  const look = (): Readonly<Record<string, number>> =>
    Object.fromEntries(Object.entries(cpu).map(([part, seconds]) => [part, seconds()]));
  const before = look();
  const drained = await drain(told, { customers, orders, callers: CALLERS, ahead: AHEAD });
  const after = look();
  const perRequest = (part: string): number => (((after[part] ?? 0) - (before[part] ?? 0)) / orders) * 1_000;
  return { ...drained, ...Object.fromEntries(Object.keys(cpu).map((part) => [`cpu ${part}`, perRequest(part)])) };
}

/** Fast and wrong would be no figure. */
async function checkApplied(url: string, twice: number): Promise<void> {
  const [row] = await withClient(url, async (client) => {
    const { rows } = await client.query<{ asked: string; unapplied: string; wrong: string }>(
      `SELECT count(*) AS asked, count(*) FILTER (WHERE status <> 'APPLIED') AS unapplied,
         sum(points) - (SELECT sum(balance) FROM points_account) AS wrong FROM points_request`,
    );
    return rows;
  });
  if (row?.unapplied !== '0' || row.wrong !== '0' || twice > 0)
    throw new Error(
      `of ${row?.asked} requests ${row?.unapplied} were not applied, ${twice} told twice; balances are off by ${row?.wrong}`,
    );
}

const closing = (pool: Pool): { readonly pool: Pool } & AsyncDisposable => ({
  pool,
  [Symbol.asyncDispose]: () => pool.close(),
});

const runOf = (numbers: Numbers, name: string): Run => medians((numbers[name] ?? []) as readonly Run[]);

const stagesOf = (run: Run): readonly string[] =>
  Object.keys(run).flatMap((field) => (field.startsWith('cpu ') ? [field.slice(4)] : []));

const cpuSum = (run: Run): number => stagesOf(run).reduce((sum, stage) => sum + (run[`cpu ${stage}`] ?? 0), 0);
