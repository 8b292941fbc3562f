import { cpus } from 'node:os';
import { ownCpu } from '../cpu.mts';
import { table, verdict } from '../document.mts';
import type { Figure, Numbers } from '../figure.mts';
import { naiveParts, startNaiveShop } from '../naive/shop.mts';
import { openShop, type Customer, type Shop } from '../shop.mts';
import { postgresSettings, startStack } from '../stack.mts';
import { medians } from '../statistics.mts';
import { percent, tell, times, twoDecimals, whole } from '../words.mts';
import { createTold, drain, type Drained, type Told } from './drain.mts';

/** CPU in milliseconds per order, by process. */
export type Run = Drained & { readonly [cpu: `cpu ${string}`]: number };

const CUSTOMERS = 200;
export const CALLERS = 64;
const AHEAD = 1_000;
const oursParts = ['orders', 'payments', 'notifications', 'identity', 'nginx'] as const;

export const journey: Figure = {
  name: 'journey',
  title: 'Whole journeys',
  versionsOf: ['kafkajs', 'express', 'ws', 'pg', 'undici'],
  what: `Orders placed by \`POST /v1/orders\` (token, validation, idempotency key) through nginx by ${CALLERS} callers for ${CUSTOMERS} customers, charged by payments, marked PAID by orders and told to the customer's websocket; counted until the last one was told. Everything runs on this machine's cores: PostgreSQL, Kafka, nginx, the services and the load generator. Beside it the naive version of the same shop (\`bench/naive\`), which is spared the gateway, tokens, validation, idempotency, history and double entry.`,
  floor: '400 orders/s drained (800 is due later)',
  goal: '2,500 orders/s; p99 ≤ 150 ms at 70 % of it',
  holds:
    'Batches that stay small. Partitions share a transaction only when their events wait at the same time, and a service that keeps up lets few wait; each transaction, fetch and tick costs its system calls in Node, PostgreSQL and Kafka. After that the indexes of `orders`: its status is indexed, so PAID writes all six again. The rest of the machine is the largest term when it is not idle.',

  async measure({ quick, repeats }) {
    await using stack = await startStack();
    const { gateway, kafkaBrokers: brokers } = stack.description;
    const { ownerUrl: url } = await stack.freshDatabase('journey_naive');
    const [orders, naiveOrders] = quick ? [200, 50] : [6_000, 1_000];
    await using ours = openShop(gateway, CALLERS);
    await using naive = await startNaiveShop({ url, brokers, connections: CALLERS });
    const infrastructure = ['postgres', 'kafka'] as const;
    const sides: readonly Side[] = [
      {
        name: 'ours',
        orders,
        shop: ours,
        cpu: Object.fromEntries([...oursParts, ...infrastructure].map((part) => [part, () => stack.cpuOf(part)])),
      },
      {
        name: 'naive',
        orders: naiveOrders,
        shop: naive,
        cpu: Object.fromEntries<() => number>([
          ...naiveParts.map((part) => [part, () => naive.cpuOf(part)] as const),
          ...infrastructure.map((part) => [part, () => stack.cpuOf(part)] as const),
        ]),
      },
    ];
    const runs: Record<string, Run[]> = { ours: [], naive: [] };
    const crowds = new Map<string, Crowd>();
    try {
      for (const side of sides) {
        crowds.set(side.name, await gather(side.shop, quick ? 10 : CUSTOMERS));
        await oneRun(side, crowds.get(side.name) as Crowd, Math.min(side.orders, 2_000)); // compiles, connects
      }
      for (let round = 1; round <= repeats; round++) {
        for (const side of sides) {
          const run = await oneRun(side, crowds.get(side.name) as Crowd, side.orders);
          runs[side.name]?.push(run);
          tell(
            `  round ${round}/${repeats}  ${side.name.padEnd(6)} ${whole(run.perSecond).padStart(6)} orders/s drained, told p50 ${whole(run.toldP50)} ms, CPU ${twoDecimals(cpuSum(run))} ms an order`,
          );
        }
      }
    } finally {
      for (const crowd of crowds.values()) await crowd[Symbol.asyncDispose]();
    }
    return { settings: await postgresSettings(stack.superuserUrl), numbers: runs };
  },

  render({ numbers }) {
    const { ours, naive } = mediansOf(numbers);
    const limit = (cpus().length * 1_000) / cpuSum(ours);
    const row = (title: string, { perSecond, placedPerSecond, toldP50, toldP99 }: Drained): readonly string[] => [
      title,
      whole(perSecond),
      whole(placedPerSecond),
      whole(toldP50),
      whole(toldP99),
    ];
    return [
      table(
        ['', 'drained, orders/s', 'placed, orders/s', 'told: p50 ms', 'p99 ms'],
        [
          row('**ours**', ours),
          row('naive', naive),
          [`limit: ${cpus().length} cores at ${twoDecimals(cpuSum(ours))} ms an order`, whole(limit), '', '', ''],
        ],
      ),
      table(
        ['CPU, ms an order', ...stages(ours), 'all'],
        [cpuRow('**ours**', ours, stages(ours)), cpuRow('naive', naive, stages(ours))],
      ),
      `At most ${whole(AHEAD)} orders are under way, so “told” is the time that an order takes in a shop that is full. Reached: ${verdict([{ what: `${whole(ours.perSecond)} orders/s`, floor: ours.perSecond >= 400, goal: ours.perSecond >= 2_500 }])}, ${times(ours.perSecond / naive.perSecond)} the naive version, ${percent(ours.perSecond / limit)} of what the cores allow.`,
    ].join('\n\n');
  },
};

export interface Side {
  readonly name: string;
  readonly orders: number;
  readonly shop: Shop;
  /** CPU seconds so far, by process. */
  readonly cpu: Readonly<Record<string, () => number>>;
}

export interface Crowd extends AsyncDisposable {
  readonly customers: readonly Customer[];
  readonly told: Told;
}

/** Everybody with a socket of their own, a few at a time: a password takes its time on purpose. */
export async function gather(shop: Shop, count: number): Promise<Crowd> {
  const told = createTold();
  const customers: Customer[] = [];
  const join = async (): Promise<void> => {
    while (customers.length < count) {
      const customer = await shop.customer();
      customers.push(customer);
      await customer.watch(told.heard);
    }
  };
  const crowd: Crowd = {
    customers,
    told,
    async [Symbol.asyncDispose]() {
      for (const customer of customers) await customer[Symbol.asyncDispose]();
    },
  };
  try {
    await Promise.all([join(), join()]);
    return crowd;
  } catch (error) {
    await crowd[Symbol.asyncDispose]();
    throw error;
  }
}

export async function oneRun({ cpu }: Side, { customers, told }: Crowd, orders: number): Promise<Run> {
  const look = (): Readonly<Record<string, number>> =>
    Object.fromEntries([...Object.entries(cpu).map(([part, seconds]) => [part, seconds()]), ['load', ownCpu()]]);
  const before = look();
  const drained = await drain(told, { customers, orders, callers: CALLERS, ahead: AHEAD });
  const after = look();
  if (told.twice > 0) throw new Error(`${told.twice} orders were told twice`);
  const perOrder = (part: string): number => (((after[part] ?? 0) - (before[part] ?? 0)) / orders) * 1_000;
  return { ...drained, ...Object.fromEntries(Object.keys(after).map((part) => [`cpu ${part}`, perOrder(part)])) };
}

const stages = (run: Run): readonly string[] =>
  Object.keys(run).flatMap((field) => (field.startsWith('cpu ') ? [field.slice(4)] : []));

export const cpuSum = (run: Run): number => stages(run).reduce((sum, stage) => sum + (run[`cpu ${stage}`] ?? 0), 0);

const cpuRow = (title: string, run: Run, of: readonly string[]): readonly string[] => [
  title,
  ...of.map((stage) => (run[`cpu ${stage}`] === undefined ? '–' : twoDecimals(run[`cpu ${stage}`] ?? 0))),
  twoDecimals(cpuSum(run)),
];

const mediansOf = (numbers: Numbers) => ({
  ours: medians((numbers['ours'] ?? []) as readonly Run[]),
  naive: medians((numbers['naive'] ?? []) as readonly Run[]),
});
