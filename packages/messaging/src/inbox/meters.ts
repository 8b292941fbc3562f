import type { Clock, Metrics } from '@g-store/runtime';
import { partitionKey, type Batch } from '../broker.js';
import type { Result } from './apply.js';

export interface InboxMeters {
  /** A batch is in hand until it is disposed of. */
  begin(batch: Batch): Disposable;
  applied(topic: string, ms: number): void;
  became(topic: string, result: Result): void;
  pause(paused: boolean): void;
  /** Age of the oldest message in hand, of any topic. */
  lagSeconds(): number;
}

export function inboxMeters(metrics: Metrics, clock: Clock, topics: readonly string[]): InboxMeters {
  const messages = metrics.counter(
    'inbox_messages_total',
    'Messages heard for the first time, by what became of them',
    ['topic', 'result'],
  );
  const duplicates = metrics.counter('inbox_duplicates_total', 'Messages that had been heard before', ['topic']);
  const duration = metrics.histogram('inbox_apply_seconds', 'Time from taking a batch to its commit', ['topic']);
  /** By partition, when the oldest record in hand was told. */
  const inHand = new Map<string, { readonly topic: string; readonly toldMs: number }>();
  let pausedSinceMs: number | undefined;

  const lagOf = (topic: string): number => {
    const nowMs = clock.now().getTime();
    const waiting = [...inHand.values()].filter((one) => one.topic === topic).map(({ toldMs }) => toldMs);
    return (nowMs - Math.min(nowMs, pausedSinceMs ?? nowMs, ...waiting)) / 1_000;
  };

  metrics.gauge(
    'consumer_lag_seconds',
    'Age of the oldest message in hand that is not applied; while paused, time since it was',
    ['topic'],
    (lag) => {
      for (const topic of topics) lag.set({ topic }, lagOf(topic));
    },
  );

  return {
    begin({ topic, partition, records: [first] }) {
      const where = partitionKey(topic, partition);
      inHand.set(where, { topic, toldMs: first?.timestamp ?? clock.now().getTime() });
      return { [Symbol.dispose]: () => void inHand.delete(where) };
    },
    applied: (topic, ms) => duration.observe({ topic }, ms / 1_000),
    became(topic, result) {
      if (result === 'repeat') duplicates.inc({ topic });
      else messages.inc({ topic, result });
    },
    pause(paused) {
      pausedSinceMs = paused ? (pausedSinceMs ?? clock.now().getTime()) : undefined;
    },
    lagSeconds: () => Math.max(0, ...topics.map(lagOf)),
  };
}
