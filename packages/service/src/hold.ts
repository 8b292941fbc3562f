import type { Pool } from 'pg';
import type { Consumer } from '@g-store/messaging';
import type { Log, Timers } from '@g-store/runtime';

/** An operator's word that consumers wait, which stands in the database: for every process, and over restarts. */
export interface Hold extends Disposable {
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export interface HoldOptions {
  /** The consumer's. */
  readonly name: string;
  readonly consumer: Pick<Consumer, 'paused' | 'pause' | 'resume'>;
  readonly pool: Pick<Pool, 'query'>;
  readonly timers: Timers;
  readonly log: Log;
}

const LOOK_EVERY_MS = 1_000;

/** Looks every second whether another process was told. A database that is away changes nothing. */
export function startHold({ name, consumer, pool, timers, log }: HoldOptions): Hold {
  let stopped = false;
  let next: Disposable | undefined;

  const follow = (held: boolean): void => {
    if (stopped || held === consumer.paused) return;
    if (held) consumer.pause();
    else consumer.resume();
    log.info({}, held ? 'an operator holds the consumers back' : 'the consumers go on');
  };
  const look = async (): Promise<void> => {
    try {
      const { rows } = await pool.query({ name: 'hold', text: selectHold, values: [name] });
      follow(rows.length > 0);
    } catch (error) {
      log.debug({ err: error }, 'whether consumers are held back could not be asked');
    }
    if (!stopped) next = timers.after(LOOK_EVERY_MS, () => void look());
  };
  void look();

  return {
    async pause() {
      await pool.query(insertHold, [name]);
      follow(true);
    },
    async resume() {
      await pool.query(deleteHold, [name]);
      follow(false);
    },
    [Symbol.dispose]() {
      stopped = true;
      next?.[Symbol.dispose]();
    },
  };
}

const selectHold = 'SELECT since FROM consumer_hold WHERE consumer = $1';
const insertHold = 'INSERT INTO consumer_hold (consumer, since) VALUES ($1, clock_timestamp()) ON CONFLICT DO NOTHING';
const deleteHold = 'DELETE FROM consumer_hold WHERE consumer = $1';
