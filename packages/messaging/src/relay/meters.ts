import type { Counter, Gauge, Metrics } from '@g-store/runtime';

export interface RelayMeters {
  readonly oldest: Gauge;
  readonly rows: Gauge;
  readonly leader: Gauge;
  readonly fenceChanges: Counter;
  readonly published: Counter;
  readonly failures: Counter;
}

export const relayMeters = (metrics: Metrics): RelayMeters => ({
  oldest: metrics.gauge('outbox_oldest_unpublished_seconds', 'Age of the oldest event not known to be published'),
  rows: metrics.gauge('outbox_unpublished_rows', 'Committed events not known to be published'),
  leader: metrics.gauge('relay_leader', '1 while this process publishes the outbox'),
  fenceChanges: metrics.counter('relay_fence_changes_total', 'Times this process became the one that publishes'),
  published: metrics.counter('relay_published_total', 'Events acknowledged by the broker, repeats included'),
  failures: metrics.counter('relay_append_failures_total', 'Requests that the broker did not acknowledge'),
});
