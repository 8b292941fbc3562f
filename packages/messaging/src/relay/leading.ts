import type { Client } from 'pg';
import { pollAfterMs } from './alarm.js';
import type { Alarm } from './alarm.js';
import { appendRows } from './appending.js';
import type { Appending } from './appending.js';
import { originOf, startAnew } from './origin.js';
import { newestTick, pageRows, readAfter, readFirst, readNew, writeTick } from './ticks.js';
import type { OutboxRow, Tick } from './ticks.js';

export interface Leading {
  readonly main: Client;
  readonly ownerUrl: string;
  readonly fence: bigint;
  readonly alarm: Alarm;
  readonly appending: Appending;
  readonly failpoint: (name: string) => Promise<void> | undefined;
  /** Throws once the lease is not surely ours any more. */
  readonly mayGoOn: () => void;
  /** False when it is time to leave in good order. */
  readonly goesOn: () => boolean;
  readonly onPublished: (newest: bigint) => void;
}

/**
 * Publishes ticks while the lease lasts. It begins with the newest one, which its writer may not have finished: what
 * was published already is published again, and nothing is left out.
 */
export async function lead(using: Leading): Promise<void> {
  const { main, fence, alarm, failpoint } = using;
  const newest = await newestTick(main);
  const origin = await originOf(main);
  const publish = (rows: readonly OutboxRow[]): Promise<void> => append(using, rows);
  const anew = origin.restored ? await startAnew({ ...using, last: newest, publish }) : undefined;
  const floor = (anew ?? origin).seedSeq + 1n;
  let last: Tick = anew ?? newest;
  await publishTick(using, last, await readFirst(main, last, floor));
  for (let inVain = 0; using.goesOn();) {
    using.mayGoOn();
    const { c, rows } = await readNew(main, last.c, floor);
    if (rows.length === 0) {
      inVain += 1;
      if (pollAfterMs(inVain) >= restMs) last = await close(using, last);
      await alarm.sleep(pollAfterMs(inVain));
      continue;
    }
    inVain = 0;
    await failpoint('relay-before-tick');
    const tick = await writeTick(main, last, c, fence);
    await failpoint('relay-after-tick');
    await publishTick(using, tick, rows);
    last = tick;
  }
  await close(using, last);
}

const restMs = 256;

/** An empty tick says that the last one is done: a take-over after a quiet time has nothing to send again. */
async function close({ main, fence }: Leading, last: Tick): Promise<Tick> {
  return last.p === last.c ? last : writeTick(main, last, last.c, fence);
}

/** Appends a tick page by page; the next page is read meanwhile, and appended only after this one is acknowledged. */
async function publishTick(using: Leading, tick: Tick, firstPage: readonly OutboxRow[]): Promise<void> {
  for (let page = firstPage; page.length > 0;) {
    const newest = page.at(-1)?.seq ?? 0n;
    const next = page.length < pageRows ? Promise.resolve([]) : readAfter(using.main, tick, newest);
    next.catch(() => undefined); // told below, once the append has settled: never two at once on a partition
    await append(using, page);
    using.onPublished(newest);
    page = await next;
  }
}

async function append(using: Leading, rows: readonly OutboxRow[]): Promise<void> {
  await using.failpoint('relay-before-append');
  await appendRows(using.appending, rows, using.mayGoOn);
  await using.failpoint('relay-after-append');
}
