import { topics } from '@g-store/contracts';
import { openPool, type Broker } from '@g-store/messaging';
import { systemTimers, type Log } from '@g-store/runtime';

export interface DenialsOptions {
  /** Identity's. */
  readonly databaseUrl: string;
  readonly broker: Broker;
  readonly log: Log;
}

const EVERY_MS = 1_000;

/**
 * Tells the broker what identity has told within the longest life of a token, and from then on whatever is new, out of its
 * outbox: a broker in memory forgets with every process, and hears nothing of another process on the same database. To hear
 * of a denial twice changes nothing.
 */
export async function tellDenials({ databaseUrl, broker, log }: DenialsOptions): Promise<AsyncDisposable> {
  const pool = openPool(databaseUrl, { applicationName: 'denials', max: 1, log });
  const stop = new AbortController();
  let since: string | undefined;

  const tell = async (): Promise<void> => {
    // Taken before the rows are read: what commits between the two is told twice rather than never.
    const { rows: snapshots } = await pool.query<{ now: string }>('SELECT pg_current_snapshot()::text AS now');
    const { rows } =
      since === undefined ? await pool.query<Told>(ofADay, [id]) : await pool.query<Told>(news, [id, since]);
    await broker.append(rows.map(({ part, key, body }) => ({ topic: name, partition: part, key, value: body })));
    since = snapshots[0]?.now;
  };
  const goOn = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await systemTimers.sleep(EVERY_MS, stop.signal).catch(() => undefined);
      if (!stop.signal.aborted)
        await tell().catch((error: unknown) => log.warn({ err: error }, 'denials are not heard; will look again'));
    }
  };

  await tell();
  const going = goOn();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await going;
      await pool.end();
    },
  };
}

const { id, name } = topics.identityEvents;

interface Told {
  readonly part: number;
  readonly key: Buffer;
  readonly body: Buffer;
}

const ofADay = `
SELECT part, key, body FROM outbox
WHERE topic = $1 AND created_at > clock_timestamp() - interval '1 day 1 minute' ORDER BY seq`;

const news = `
SELECT part, key, body FROM outbox
WHERE topic = $1 AND xid >= pg_snapshot_xmin($2::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $2::pg_snapshot)
ORDER BY seq`;
