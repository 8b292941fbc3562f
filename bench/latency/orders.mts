import { setTimeout as pause } from 'node:timers/promises';
import type { Customer } from '../shop.mts';
import { percentilesOf } from '../statistics.mts';

/** Milliseconds from the moment before POST is sent. */
export type Latencies = {
  readonly placedP50: number;
  readonly placedP99: number;
  readonly paidP50: number;
  readonly paidP99: number;
  readonly frameP50: number;
  readonly frameP99: number;
};

const TOO_LONG_MS = 15_000;
/** Between two looks whether an order is paid: often enough not to count, seldom enough not to be load. */
const LOOK_EVERY_MS = 1;
/** Longer than anything that still has to be done about an order, so that the next finds the shop idle. */
const REST_MS = 20;

/** One order after another, each in a shop that does nothing else: half are watched by GET, half by socket. */
export async function measureLatencies(customer: Customer, orders: number): Promise<Latencies> {
  const told = new Map<string, (at: number) => void>();
  const early = new Map<string, number>();
  await customer.watch((id) => {
    const at = performance.now();
    const tell = told.get(id);
    if (tell) tell(at);
    else early.set(id, at);
  });
  const frame = (id: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const at = early.get(id);
      if (at !== undefined) return resolve(at);
      const timer = setTimeout(() => reject(new Error(`no frame for ${id}`)), TOO_LONG_MS);
      told.set(id, (when) => (clearTimeout(timer), resolve(when)));
    });

  const [placed, paid, framed]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < orders; i++) {
    const from = performance.now();
    const id = await customer.place();
    placed.push(performance.now() - from);
    if (i % 2 === 0) framed.push((await frame(id)) - from);
    else {
      await untilPaid(customer, id, from);
      paid.push(performance.now() - from);
    }
    await pause(REST_MS + Math.random() * REST_MS);
  }
  const [a, b, c] = [percentilesOf(placed), percentilesOf(paid), percentilesOf(framed)];
  return {
    placedP50: a.p50,
    placedP99: a.p99,
    paidP50: b.p50,
    paidP99: b.p99,
    frameP50: c.p50,
    frameP99: c.p99,
  };
}

async function untilPaid(customer: Customer, id: string, from: number): Promise<void> {
  while ((await customer.status(id)) !== 'PAID') {
    if (performance.now() - from > TOO_LONG_MS) throw new Error(`${id} is not paid`);
    await pause(LOOK_EVERY_MS);
  }
}
