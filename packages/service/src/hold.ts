import type { Pool } from 'pg';
import type { Consumer } from '@g-store/messaging';
import type { Log, Timers } from '@g-store/runtime';
import { startLooking } from './looking.js';

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

/** Follows what any process was told. A database that is away changes nothing. */
export function startHold({ name, consumer, pool, timers, log }: HoldOptions): Hold {
  const follow = (held: boolean): void => {
    if (held === consumer.paused) return;
    if (held) consumer.pause();
    else consumer.resume();
    log.info({}, held ? 'an operator holds the consumers back' : 'the consumers go on');
  };
  const looking = startLooking({
    look: () => pool.query({ name: 'hold', text: selectHold, values: [name] }),
    see: ({ rows }) => follow(rows.length > 0),
    failed: (error) => log.debug({ err: error }, 'whether consumers are held back could not be asked'),
    timers,
  });
  return {
    async pause() {
      await pool.query(insertHold, [name]);
      follow(true);
    },
    async resume() {
      await pool.query(deleteHold, [name]);
      follow(false);
    },
    [Symbol.dispose]: () => looking[Symbol.dispose](),
  };
}

const selectHold = 'SELECT since FROM consumer_hold WHERE consumer = $1';
const insertHold = 'INSERT INTO consumer_hold (consumer, since) VALUES ($1, clock_timestamp()) ON CONFLICT DO NOTHING';
const deleteHold = 'DELETE FROM consumer_hold WHERE consumer = $1';
