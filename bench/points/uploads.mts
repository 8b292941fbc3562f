import { table, verdict } from '../document.mts';
import { withClient } from '../stack.mts';
import { medians } from '../statistics.mts';
import { oneDecimal, percent, tell, twoDecimals, whole } from '../words.mts';
import { ACCRUAL, startAccrualSystem } from './accrual-system.mts';
import type { PointsPart } from './part.mts';
import { startPoints } from './service.mts';

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
  what: `${whole(ORDERS)} uploaded orders of ${whole(OWNERS)} owners, and an accrual system that answers in ${ANSWER_MS} ms and allows ${whole(PER_MINUTE)} requests a minute, which it says with its first 429 (\`Retry-After: 60\`). Measured once: it takes minutes, and its limit is not ours.`,

  async measure({ stack, database }, { quick }) {
    const orders = quick ? 300 : ORDERS;
    await withClient(database.ownerUrl, (client) => client.query(upload, [orders, OWNERS]));
    await using accrual = await startAccrualSystem({ answerMs: ANSWER_MS, perMinute: PER_MINUTE });
    const begun = performance.now();
    await using points = await startPoints(stack, database, { ACCRUAL_SYSTEM_ADDRESS: accrual.url });
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
          tell(`  b ${whole((now - begun) / 1_000)} s  ${whole(left)} left, ${whole(points.memory().now)} MB`);
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
      `  b ${oneDecimal(run.seconds)} s  ${whole(run.asked)} asked, ${run.refused} refused, ${whole(run.memory)} MB at most`,
    );
    return { uploads: [run] };
  },

  render({ uploads: runs = [] }) {
    const { orders, seconds, asked, refused, tooEarly, mostInAMinute, left, memory, cpu } = medians(
      runs as readonly Run[],
    );
    const limit = (orders / PER_MINUTE) * 60;
    const keeps = tooEarly === 0 && refused <= UNDER_WAY && mostInAMinute - refused <= PER_MINUTE;
    return [
      table(
        [
          'orders',
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
          [orders, seconds, asked, mostInAMinute, refused, tooEarly, left, memory].map(whole).concat(twoDecimals(cpu)),
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
        {
          what: `never more than allowed, but for the ${whole(refused)} under way when the limit became known`,
          floor: keeps,
          goal: false,
        },
        { what: `${whole(left)} left over`, floor: left === 0, goal: false },
        { what: `${whole(memory)} MB`, floor: memory <= MOST_MB, goal: memory <= 120 },
      ])}; ${percent(limit / seconds)} of what the limit allows.`,
    ].join('\n\n');
  },
};

const upload = `
WITH n AS (SELECT (500000000000 + n)::text AS number, 'owner-' || n % $2 AS owner FROM generate_series(1, $1::integer) n),
  u AS (INSERT INTO upload (number, owner, status, version, uploaded_at) SELECT number, owner, 'NEW', 1, now() FROM n)
INSERT INTO upload_schedule (number, due_at, attempts) SELECT number, now(), 0 FROM n`;

/** Uploads that are not decided as the system said, and accounts that do not hold exactly what their orders brought. */
const wrong = `
SELECT (SELECT count(*) FROM upload WHERE status <> CASE WHEN number LIKE '%00' THEN 'INVALID' ELSE 'PROCESSED' END
          OR accrual IS DISTINCT FROM CASE WHEN number LIKE '%00' THEN NULL ELSE $1::bigint END)
     + (SELECT count(*) FROM (SELECT owner, count(*) FILTER (WHERE number NOT LIKE '%00') AS earned FROM upload GROUP BY owner) o
        LEFT JOIN points_account a ON a.account_id = o.owner WHERE coalesce(a.balance, 0) <> o.earned * $1) AS wrong`;
