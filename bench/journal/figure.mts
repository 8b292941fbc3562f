import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { databaseOf } from '../../deploy/local/postgres.mts';
import { runFolder } from '../../deploy/local/processes.mts';
import { secret } from '../../deploy/local/secrets.mts';
import { serviceUrl } from '../../deploy/local/service-environment.mts';
import { table, verdict } from '../document.mts';
import type { Figure, Numbers } from '../figure.mts';
import { CALLERS, cpuSum, gather, oneRun, type Run, type Side } from '../journey/figure.mts';
import { jsonOver, openShop } from '../shop.mts';
import { postgresSettings, startStack, withClient, type BenchStack } from '../stack.mts';
import { medians, percentilesOf } from '../statistics.mts';
import { percent, tell, twoDecimals, whole } from '../words.mts';
import { EVENTS_OF_ORDER, seedJournal, someOrders } from './seed.mts';

const ORDERS = 125_000;
const READERS = 4;
const parts = [
  ...['orders', 'payments', 'notifications', 'points', 'accrual', 'identity', 'nginx', 'postgres', 'kafka', 'journal'],
] as const;
const questions = {
  journey: (id: string) => `/v1/journeys/${id}`,
  'newest events of a type': () => '/v1/events?type=OrderCreated',
  'events of an order': (id: string) => `/v1/events?orderId=${id}`,
} as const;

export const journal: Figure = {
  name: 'journal',
  title: 'The journal',
  parts: ['a', 'b'],
  versionsOf: ['kafkajs', 'express', 'pg', 'undici'],
  what: `(a) \`GET /v1/journeys/{orderId}\` of any of ${whole(ORDERS)} orders with ${whole(ORDERS * EVENTS_OF_ORDER)} events stored, and two lists of events, by ${READERS} callers in turn, straight from the service. (b) The load of *Whole journeys*, with the journal listening and, by turns, with it held still: how long after the last customer was told the journal has heard everything, and what CPU an order takes in both cases, in all processes together.`,
  floor: '(a) p99 of a journey at most 50 ms; (b) at most 2 s behind at the end, at most 15 % more CPU',
  goal: 'none beyond the floor',
  holds:
    '(a) The round trips of HTTP and PostgreSQL; a journey is one step down an index of a month and the decoding of its events. (b) Each event is written once more, into five indexes.',

  async measure({ quick, repeats, part }) {
    await using stack = await startStack();
    const numbers = {
      ...(part === 'b' ? {} : await readings(stack, quick, repeats)),
      ...(part === 'a' ? {} : await beside(stack, quick, repeats)),
    };
    return { settings: await postgresSettings(stack.superuserUrl), numbers };
  },

  render(numbers) {
    return [...readingTable(numbers.numbers), ...besideTable(numbers.numbers)].join('\n\n');
  },
};

const journalDatabase = (stack: BenchStack): string =>
  Object.assign(new URL(stack.superuserUrl), { pathname: new URL(databaseOf(stack.local, 'journal').url).pathname })
    .href;

async function readings(stack: BenchStack, quick: boolean, repeats: number): Promise<Numbers> {
  const ids = await withClient(journalDatabase(stack), async (client) => {
    await seedJournal(client, quick ? 1_000 : ORDERS);
    return someOrders(client, 1_000);
  });
  const login = { login: 'first-operator', password: secret(stack.local, 'first-operator-password') };
  const { accessToken } = (await (
    await fetch(`${serviceUrl(stack.local, 'identity')}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(login),
    })
  ).json()) as { accessToken: string };
  const pool = new Pool(serviceUrl(stack.local, 'journal'), { connections: READERS });
  const json = jsonOver(pool);
  const numbers: Record<string, { p50: number; p99: number }[]> = {};
  const read = async (count: number): Promise<ReadonlyMap<string, readonly number[]>> => {
    const took = new Map<string, number[]>(Object.keys(questions).map((name) => [name, []]));
    let next = 0;
    const call = async (): Promise<void> => {
      while (next < count) {
        const id = ids[next++ % ids.length] ?? '';
        for (const [name, path] of Object.entries(questions)) {
          const from = performance.now();
          await json('GET', path(id), 200, { authorization: `Bearer ${accessToken}` });
          took.get(name)?.push(performance.now() - from);
        }
      }
    };
    await Promise.all(Array.from({ length: READERS }, call));
    return took;
  };
  try {
    await read(200); // compiles, connects
    for (let round = 1; round <= repeats; round++)
      for (const [name, took] of await read(quick ? 50 : 2_000)) {
        const { p50, p99 } = percentilesOf(took);
        numbers[`a ${name}`] = [...(numbers[`a ${name}`] ?? []), { p50, p99 }];
        tell(
          `  a round ${round}/${repeats}  ${name.padEnd(24)} p50 ${twoDecimals(p50)} ms, p99 ${twoDecimals(p99)} ms`,
        );
      }
  } finally {
    await pool.close();
  }
  return numbers;
}

type Beside = Run & { readonly behindMs: number };

async function beside(stack: BenchStack, quick: boolean, repeats: number): Promise<Numbers> {
  const pid = Number(readFileSync(join(runFolder(stack.local), 'journal.pid'), 'utf8').split(' ')[0]);
  const orders = quick ? 200 : 3_000;
  await using shop = openShop(stack.description.gateway, CALLERS);
  const side: Side = {
    name: 'ours',
    orders,
    shop,
    cpu: Object.fromEntries(parts.map((part) => [part, () => stack.cpuOf(part)])),
  };
  await using crowd = await gather(shop, quick ? 10 : 50);
  for (let run = 0; run < 2; run++) await oneRun(side, crowd, orders); // compiles, connects
  const numbers: Record<string, Beside[]> = { 'b listening': [], 'b held still': [] };
  for (let round = 1; round <= repeats; round++)
    // By turns, so that whatever still changes from run to run is on both sides.
    for (const held of round % 2 === 1 ? [false, true] : [true, false]) {
      await untilHeard(stack);
      if (held) process.kill(pid, 'SIGSTOP');
      let run: Run;
      try {
        run = await oneRun(side, crowd, orders);
      } finally {
        if (held) process.kill(pid, 'SIGCONT');
      }
      const from = performance.now();
      await untilHeard(stack);
      const behindMs = performance.now() - from;
      numbers[held ? 'b held still' : 'b listening']?.push({ ...run, behindMs });
      tell(
        `  b round ${round}/${repeats}  ${held ? 'held still' : 'listening '}  CPU ${twoDecimals(cpuSum(run))} ms an order, ${whole(behindMs)} ms until all was heard`,
      );
    }
  return numbers;
}

/** Nothing that orders, payments or identity have told is missing in the journal. */
async function untilHeard(stack: BenchStack): Promise<void> {
  const count = (service: string, sql: string): Promise<number> => {
    const url = new URL(databaseOf(stack.local, service).url).pathname;
    return withClient(Object.assign(new URL(stack.superuserUrl), { pathname: url }).href, async (client) =>
      Number((await client.query<{ n: string }>(sql)).rows[0]?.n ?? 0),
    );
  };
  const told = await Promise.all(
    ['orders', 'payments'].map((service) => count(service, 'SELECT count(*) AS n FROM outbox')),
  );
  const wanted = told.reduce((sum, each) => sum + each, 0);
  const heard = (): Promise<number> =>
    count('journal', "SELECT sum(next_offset) AS n FROM progress WHERE topic IN ('order.events', 'payment.events')");
  for (const until = performance.now() + 120_000; (await heard()) < wanted;)
    if (performance.now() > until) throw new Error('the journal does not catch up');
    else await new Promise((resolve) => setTimeout(resolve, 20));
}

function readingTable(numbers: Numbers): readonly string[] {
  const rows = Object.keys(questions).flatMap((name) => {
    const runs = numbers[`a ${name}`] as readonly { p50: number; p99: number }[] | undefined;
    return runs === undefined ? [] : [{ name, ...medians(runs) }];
  });
  const [first] = rows;
  if (first === undefined) return [];
  return [
    '### (a) Reading',
    table(
      ['ms', 'p50', 'p99'],
      rows.map(({ name, p50, p99 }) => [name, twoDecimals(p50), twoDecimals(p99)]),
    ),
    `Reached: ${verdict([{ what: `p99 ${twoDecimals(first.p99)} ms`, floor: first.p99 <= 50 }])}.`,
  ];
}

function besideTable(numbers: Numbers): readonly string[] {
  const [listening, still] = ['b listening', 'b held still'].map(
    (name) => numbers[name] as readonly Beside[] | undefined,
  );
  if (listening === undefined || still === undefined) return [];
  const [on, off] = [medians(listening), medians(still)];
  const more = cpuSum(on) / cpuSum(off) - 1;
  const row = (title: string, run: Beside): readonly string[] => [
    title,
    whole(run.perSecond),
    twoDecimals(cpuSum(run)),
    twoDecimals(run['cpu journal'] ?? 0),
    twoDecimals(run['cpu postgres'] ?? 0),
    twoDecimals(run['cpu kafka'] ?? 0),
  ];
  return [
    '### (b) Beside the load',
    table(
      ['', 'orders/s', 'CPU, ms an order', 'of the journal', 'of PostgreSQL', 'of Kafka'],
      [row('**listening**', on), row('held still', off)],
    ),
    `All was heard ${whole(on.behindMs)} ms after the last customer was told. Reached: ${verdict([
      { what: `${whole(on.behindMs)} ms behind`, floor: on.behindMs <= 2_000 },
      { what: `${percent(more)} more CPU`, floor: more <= 0.15 },
    ])}.`,
  ];
}
