import type { OrderStatus } from '@g-store/client';

/** The queues that somebody works through, in the order in which an order passes them. */
export const openQueues = ['PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'PENDING'] as const;
export type OpenQueue = (typeof openQueues)[number];

export const queues = [...openQueues, 'ISSUED', 'CANCELLED', 'ALL'] as const;
export type Queue = (typeof queues)[number];

/** What stands behind the `?` of the queue. */
export interface QueueSearch {
  /** Left out: what is to be assembled. */
  readonly queue?: Queue;
  readonly q?: string;
  /** Of one customer. */
  readonly userId?: string;
}

const isQueue = (value: unknown): value is Queue => queues.some((queue) => queue === value);
const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** An address may be old, or typed: what is not understood in it is left out. */
export function readQueueSearch({ queue, q, userId }: Readonly<Record<string, unknown>>): QueueSearch {
  // A number looks like one to who reads addresses.
  const words = typeof q === 'number' ? String(q) : typeof q === 'string' ? q.slice(0, 200) : '';
  return {
    ...(isQueue(queue) && { queue }),
    ...(words.trim() !== '' && { q: words }),
    ...(isId(userId) && { userId }),
  };
}

export interface QueueFilter {
  readonly status: OrderStatus | undefined;
  readonly q: string | undefined;
  readonly userId: string | undefined;
}

/** Somebody's orders, and what is searched for, are wanted in whatever state, unless a queue is chosen, too. */
export const queueOf = ({ queue, q, userId }: QueueSearch): Queue =>
  queue ?? (q !== undefined || userId !== undefined ? 'ALL' : 'PAID');

export function filterOf(search: QueueSearch): QueueFilter {
  const queue = queueOf(search);
  return { status: queue === 'ALL' ? undefined : queue, q: search.q?.trim(), userId: search.userId };
}
