import type { Pool } from 'pg';
import type { Parking } from '@g-store/messaging';
import type { Log, Metrics, Timers } from '@g-store/runtime';

export interface Sampling extends Disposable {
  /** Asks now, and again every ten seconds. What cannot be asked stays as it was last known. */
  add(look: () => Promise<void>): void;
}

const EVERY_MS = 10_000;

/** Figures that have to be asked of the database: seldom, whoever wants to see them how often. */
export function startSampling({ timers, log }: { readonly timers: Timers; readonly log: Log }): Sampling {
  const next = new Map<object, Disposable>();
  let stopped = false;
  return {
    add(look) {
      const turn = async (): Promise<void> => {
        await look().catch((error: unknown) => log.debug({ err: error }, 'a figure could not be asked'));
        if (!stopped)
          next.set(
            look,
            timers.after(EVERY_MS, () => void turn()),
          );
      };
      void turn();
    },
    [Symbol.dispose]() {
      stopped = true;
      for (const waiting of next.values()) waiting[Symbol.dispose]();
    },
  };
}

/** Of the connections for readers, and of the oldest transaction of the service, which holds the outbox's tidying up. */
export function samplePool(sampling: Sampling, metrics: Metrics, name: string, pool: Pool): void {
  metrics.gauge('pg_pool_connections', 'Connections for readers', ['pool', 'state'], (connections) => {
    connections.set({ pool: name, state: 'idle' }, pool.idleCount);
    connections.set({ pool: name, state: 'busy' }, pool.totalCount - pool.idleCount);
  });
  metrics.gauge('pg_pool_waiting', 'Readers that wait for a connection', ['pool'], (waiting) =>
    waiting.set({ pool: name }, pool.waitingCount),
  );
  const oldest = metrics.gauge('pg_oldest_transaction_seconds', 'Age of the oldest open transaction of this service');
  sampling.add(async () => {
    const { rows } = await pool.query<{ seconds: number }>(oldestTransaction);
    oldest.set(rows[0]?.seconds ?? 0);
  });
}

const oldestTransaction = `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8 AS seconds
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;

export function sampleParking(sampling: Sampling, metrics: Metrics, parking: Parking): void {
  const keys = metrics.gauge('parked_keys', 'Keys of which something is parked', ['topic']);
  sampling.add(async () => {
    for (const [topic, count] of await parking.keysByTopic()) keys.set({ topic }, count);
  });
}
