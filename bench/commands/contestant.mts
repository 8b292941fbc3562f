/**
 * One contender in a process of its own, so that none inherits another's heap or compiled code. Started by figure.mts;
 * is told over IPC how many callers call for how long, and answers with what came of it.
 */
import { ownCpu } from '../cpu.mts';
import { percentilesOf } from '../statistics.mts';
import type { Contender, Databases } from './contender.mts';
import { customers } from './order.mts';

export interface Order {
  readonly callers: number;
  readonly seconds: number;
}

// A type, not an interface: it has to count as a record of numbers.
export type Answer = {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Microseconds of the contender's process per order. */
  readonly clientCpu: number;
};

const contenders: Readonly<Record<string, (databases: Databases) => Promise<Contender>>> = {
  ours: async (databases) => (await import('./ours.mts')).ours(databases),
  pg: async (databases) => (await import('./pg.mts')).pgTransaction(databases),
  knex: async (databases) => (await import('./knex.mts')).knexTransaction(databases),
  'pg-boss': async (databases) => (await import('./queues.mts')).pgBoss(databases),
  'graphile-worker': async (databases) => (await import('./queues.mts')).graphileWorker(databases),
};

async function measure(contender: Contender, { callers, seconds }: Order): Promise<Answer> {
  const took: number[] = [];
  const cpuBefore = ownCpu();
  const from = performance.now();
  const until = from + seconds * 1_000;
  const call = async (userId: string): Promise<void> => {
    for (let start = performance.now(); start < until;) {
      await contender.place(userId);
      const end = performance.now();
      took.push(end - start);
      start = end;
    }
  };
  await Promise.all(customers(callers).map(call));
  const elapsed = (performance.now() - from) / 1_000;
  const { p50, p99 } = percentilesOf(took);
  return {
    perSecond: took.length / elapsed,
    p50Ms: p50,
    p99Ms: p99,
    clientCpu: ((ownCpu() - cpuBefore) / took.length) * 1e6,
  };
}

const [name = '', url = '', ownerUrl = ''] = process.argv.slice(2);
const start = contenders[name];
if (start === undefined) throw new Error(`there is no contender ${name}`);
const contender = await start({ url, ownerUrl });
process.on('message', (message: Order | 'end') => {
  if (message === 'end') void contender[Symbol.asyncDispose]().then(() => process.disconnect());
  else
    measure(contender, message).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
});
process.send?.({ ready: true });
