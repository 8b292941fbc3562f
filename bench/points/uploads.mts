import { table, verdict } from '../document.mts';
import { withClient, type BenchStack } from '../stack.mts';
import { medians } from '../statistics.mts';
import { oneDecimal, percent, tell, twoDecimals, whole } from '../words.mts';
import { ACCRUAL, startAccrualSystem } from './accrual-system.mts';
import type { PointsPart } from './part.mts';
import { startPoints, type PointsDatabase } from './service.mts';

type Run = {
  readonly orders: number;
  readonly seconds: number;
  readonly asked: number;
  readonly refused: number;
  readonly tooEarly: number;
  readonly mostInAMinute: number;
  readonly left: number;
  readonly memory: number;
  /** Of the service, in milliseconds per order. */
  readonly cpu: number;
};

const ORDERS = 100_000;
const OWNERS = 10_000;
const PER_MINUTE = 30_000;
const ANSWER_MS = 20;
/** Questions that may be under way when the first 429 comes: nobody knows the limit before it. */
const UNDER_WAY = 16;
const MOST_MB = 160;
const LOOK_EVERY_MS = 500;
const TELL_EVERY_MS = 30_000;
const TOO_LONG_MS = 900_000;

export const uploads: PointsPart = {
  name: 'b',
  title: 'Uploaded orders, asked about',
  what: `${whole(ORDERS)} uploaded orders of ${whole(OWNERS)} owners, and an accrual system that answers in ${ANSWER_MS} ms and allows ${whole(PER_MINUTE)} requests a minute: once with that told beforehand (\`ACCRUAL_SYSTEM_REQUESTS_PER_MINUTE\`), once learned from its first 429 (\`Retry-After: 60\`). Each measured once: it takes minutes, and its limit is not ours.`,

  async measure({ stack, database }, { quick }) {
    const orders = quick ? 300 : ORDERS;
    const settings = { ACCRUAL_SYSTEM_REQUESTS_PER_MINUTE: String(PER_MINUTE) };
    return {
      told: [await measureOne(stack, database, { orders, who: 'told', firstNumber: 500_000_000_000, settings })],
      learned: [await measureOne(stack, database, { orders, who: 'learned', firstNumber: 600_000_000_000 })],
    };
  },

  render({ told = [], learned = [] }) {
    const runs = { told: medians(told as readonly Run[]), learned: medians(learned as readonly Run[]) };
    const line = (name: string, run: Run): readonly string[] => [
      name,
      ...[run.seconds, run.asked, run.mostInAMinute, run.refused, run.tooEarly, run.left, run.memory].map(whole),
      twoDecimals(run.cpu),
    ];
    const { orders, seconds } = runs.told;
    const limit = (orders / PER_MINUTE) * 60;
    const both = Object.values(runs);
    const memory = Math.max(...both.map((run) => run.memory));
    const left = both.reduce((sum, run) => sum + run.left, 0);
    return [
      table(
        [
          `${whole(orders)} orders`,
          'seconds',
          'asked',
          'most in any minute',
          'refused',
          'asked too early',
          'left over or wrong',
          'MB at most',
          'CPU ms an order',
        ],
        [
          line('**the limit told beforehand**', runs.told),
          line('the limit learned from the first 429', runs.learned),
          [
            `limit: ${whole(PER_MINUTE)} a minute`,
            whole(limit),
            whole(orders),
            whole(PER_MINUTE),
            '0',
            '0',
            '0',
            '',
            '',
          ],
        ],
      ),
      `Reached: ${verdict([
        { what: 'told, never more than allowed', floor: keeps(runs.told) && runs.told.refused === 0 },
        {
          what: `learned, never more but for the ${whole(runs.learned.refused)} under way when the first 429 came`,
          floor: keeps(runs.learned) && runs.learned.refused <= UNDER_WAY,
        },
        { what: `${whole(left)} left over`, floor: left === 0 },
        { what: `${whole(memory)} MB`, floor: memory <= MOST_MB, goal: memory <= 120 },
      ])}; ${percent(limit / seconds)} of what the limit allows.`,
    ].join('\n\n');
  },
};

const keeps = ({ tooEarly, mostInAMinute, refused }: Run): boolean =>
  tooEarly === 0 && mostInAMinute - refused <= PER_MINUTE;

async function measureOne(
  stack: BenchStack,
  database: PointsDatabase,
  {
    orders,
    who,
    firstNumber,
    settings = {},
  }: {
    readonly orders: number;
    readonly who: string;
    readonly firstNumber: number;
    readonly settings?: Readonly<Record<string, string>>;
  },
): Promise<Run> {
  await withClient(database.ownerUrl, (client) => client.query(upload, [orders, OWNERS, firstNumber, who]));
  await using accrual = await startAccrualSystem({ answerMs: ANSWER_MS, perMinute: PER_MINUTE });
  const begun = performance.now();
  await using points = await startPoints(stack, database, { ...settings, ACCRUAL_SYSTEM_ADDRESS: accrual.url });
  const cpu = points.cpu();
  const ended = await withClient(database.ownerUrl, async (client) => {
    for (let told = begun; ;) {
      const { rows } = await client.query<{ left: string }>('SELECT count(*) AS left FROM upload_schedule');
      const left = Number(rows[0]?.left);
      const now = performance.now();
      if (left === 0) return now;
      if (now - begun > TOO_LONG_MS) throw new Error(`${left} uploads are left over`);
      if (now - told > TELL_EVERY_MS) {
        told = now;
        tell(`  b ${who} ${whole((now - begun) / 1_000)} s  ${whole(left)} left, ${whole(points.memory().now)} MB`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  });
  const run: Run = {
    ...accrual.seen(),
    orders,
    seconds: (ended - begun) / 1_000,
    left: await withClient(database.ownerUrl, async (client) => {
      const { rows } = await client.query<{ wrong: string }>(wrong, [ACCRUAL * 100]);
      return Number(rows[0]?.wrong);
    }),
    memory: points.memory().most,
    cpu: ((points.cpu() - cpu) / orders) * 1_000,
  };
  tell(
    `  b ${who} ${oneDecimal(run.seconds)} s  ${whole(run.asked)} asked, ${run.refused} refused, ${whole(run.memory)} MB at most`,
  );
  return run;
}

const upload = `
WITH n AS (SELECT ($3::bigint + n)::text AS number, $4::text || n % $2 AS owner FROM generate_series(1, $1::integer) n),
  u AS (INSERT INTO upload (number, owner, status, version, uploaded_at) SELECT number, owner, 'NEW', 1, now() FROM n)
INSERT INTO upload_schedule (number, due_at, attempts) SELECT number, now(), 0 FROM n`;

/** Uploads that are not decided as the system said, and accounts that do not hold exactly what their orders brought. */
const wrong = `
SELECT (SELECT count(*) FROM upload WHERE status <> CASE WHEN number LIKE '%00' THEN 'INVALID' ELSE 'PROCESSED' END
          OR accrual IS DISTINCT FROM CASE WHEN number LIKE '%00' THEN NULL ELSE $1::bigint END)
     + (SELECT count(*) FROM (SELECT owner, count(*) FILTER (WHERE number NOT LIKE '%00') AS earned FROM upload GROUP BY owner) o
        LEFT JOIN points_account a ON a.account_id = o.owner WHERE coalesce(a.balance, 0) <> o.earned * $1) AS wrong`;
