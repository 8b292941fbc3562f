import { Pool } from 'undici';
import { table, verdict } from '../document.mts';
import type { Numbers } from '../figure.mts';
import { jsonOver } from '../shop.mts';
import { withClient } from '../stack.mts';
import { medians, percentilesOf } from '../statistics.mts';
import { tell, times, twoDecimals, whole } from '../words.mts';
import type { PointsPart } from './part.mts';
import { seedAccounts } from './seed.mts';
import { startPoints } from './service.mts';

type Run = { readonly p50: number; readonly p99: number };

const LONG = 1_000_000;
const SHORT = 100;
const CALLERS = 4;
const MOST = 2;
const whats = ['balance', 'statement'] as const;
const lengths = ['long', 'short'] as const;

export const reads: PointsPart = {
  name: 'd',
  title: 'Balance and statement of a long history',
  what: `\`GET /v1/accounts/{id}\` and \`…/entries\` (newest page of 50) of an account with ${whole(LONG)} events and of one with ${SHORT}, by turns in the same seconds, by ${CALLERS} callers. Beside it the naive balance: the sum of the events, by \`pg\` alone.`,

  async measure({ stack, database }, { quick, repeats }) {
    await seedAccounts(stack, database.name, { name: 'long', from: 1, to: 1, events: quick ? 10_000 : LONG });
    await seedAccounts(stack, database.name, { name: 'short', from: 1, to: 1, events: SHORT });
    await using points = await startPoints(stack, database);
    const pool = new Pool(points.url, { connections: CALLERS });
    const numbers: Record<string, Run[]> = {};
    const note = (name: string, took: readonly number[]): void => {
      const run = percentilesOf(took);
      numbers[name] = [...(numbers[name] ?? []), { p50: run.p50, p99: run.p99 }];
      tell(`  d ${name.padEnd(16)} p50 ${twoDecimals(run.p50)} ms, p99 ${twoDecimals(run.p99)} ms`);
    };
    try {
      for (let round = 0; round <= repeats; round++) {
        const tookByName = await read(pool, points.key, round === 0 ? 200 : quick ? 50 : 3_000);
        if (round === 0) continue; // compiles, connects
        for (const [name, took] of tookByName) note(name, took);
        for (const length of lengths)
          note(`naive ${length}`, await addUp(database.url, length, length === 'long' ? 10 : 100));
      }
    } finally {
      await pool.close();
    }
    return numbers;
  },

  render(numbers) {
    const ratio = (what: string): number => runOf(numbers, `${what} long`).p99 / runOf(numbers, `${what} short`).p99;
    const row = (title: string, what: string): readonly string[] => {
      const [long, short] = lengths.map((length) => runOf(numbers, `${what} ${length}`)) as [Run, Run];
      return [title, ...[long.p50, long.p99, short.p50, short.p99].map(twoDecimals), times(ratio(what))];
    };
    return [
      table(
        ['ms', `${whole(LONG)} events: p50`, 'p99', `${SHORT} events: p50`, 'p99', 'p99 is'],
        [
          row('**balance**', 'balance'),
          row('**statement**', 'statement'),
          row('naive: the sum of the events', 'naive'),
        ],
      ),
      `Reached: ${verdict(whats.map((what) => ({ what: `${what} ${times(ratio(what))}`, floor: ratio(what) <= MOST, goal: false })))}.`,
    ].join('\n\n');
  },
};

/** All four kinds of reading in turn, so that whatever disturbs one disturbs all. */
async function read(pool: Pool, key: string, times: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const tookByName = new Map<string, number[]>();
  const json = jsonOver(pool);
  const as = { 'x-staff-api-key': key };
  const call = async (): Promise<void> => {
    for (let i = 0; i < times; i += CALLERS) {
      for (const what of whats) {
        for (const length of i % 2 === 0 ? lengths : lengths.toReversed()) {
          const name = `${what} ${length}`;
          const from = performance.now();
          await json('GET', `/v1/accounts/${length}-1${what === 'balance' ? '' : '/entries?limit=50'}`, 200, as);
          const took = tookByName.get(name) ?? [];
          took.push(performance.now() - from);
          tookByName.set(name, took);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  return tookByName;
}

const addUp = (url: string, length: string, times: number): Promise<readonly number[]> =>
  withClient(url, async (client) => {
    const took: number[] = [];
    for (let i = 0; i < times; i++) {
      const from = performance.now();
      await client.query('SELECT sum(change) FROM points_events WHERE account_id = $1', [`${length}-1`]);
      took.push(performance.now() - from);
    }
    return took;
  });

const runOf = (numbers: Numbers, name: string): Run => medians((numbers[name] ?? []) as readonly Run[]);
