import { createIds, createMetrics, silentLog, systemClock, systemRandomness, systemTimers } from '@g-store/runtime';
import { table, type Command, type Migration, type Row, type Table } from '../src/index.js';

/** A small shop's shelf, to try units of work on: jars that people put things into, and a diary of who did. */
export interface Jar {
  readonly id: string;
  readonly label: string;
  readonly amount: bigint;
  readonly version: number;
}

export interface Lid {
  readonly jarId: string;
  readonly colour: string | null;
}

export interface Entry {
  readonly id: string;
  readonly jarId: string;
  readonly note: unknown;
  readonly at: Date;
}

export const jars: Table<Jar> = table<Jar>({
  name: 'jar',
  role: 'guard',
  columns: {
    id: ['id', 'uuid'],
    label: ['label', 'text'],
    amount: ['amount', 'bigint'],
    version: ['version', 'integer'],
  },
  keys: [['id'], ['label']],
  version: 'version',
});

export const lids: Table<Lid> = table<Lid>({
  name: 'lid',
  role: 'dependent',
  columns: { jarId: ['jar_id', 'uuid'], colour: ['colour', 'text'] },
  keys: [['jarId']],
});

export const diary: Table<Entry> = table<Entry>({
  name: 'diary',
  role: 'insert',
  columns: { id: ['id', 'uuid'], jarId: ['jar_id', 'uuid'], note: ['note', 'jsonb'], at: ['at', 'timestamptz'] },
  keys: [['id']],
});

export const shelfTables = [jars, lids, diary] as unknown as readonly Table<Row>[];

export const shelf: Migration = {
  name: '001-shelf',
  sql: `
    CREATE TABLE jar (id uuid PRIMARY KEY, label text NOT NULL UNIQUE, amount bigint NOT NULL CHECK (amount >= 0), version integer NOT NULL);
    CREATE TABLE lid (jar_id uuid PRIMARY KEY, colour text);
    CREATE TABLE diary (id uuid PRIMARY KEY, jar_id uuid NOT NULL, note jsonb NOT NULL, at timestamptz NOT NULL);
    GRANT SELECT, INSERT, UPDATE ON jar, lid TO :app;
    GRANT SELECT, INSERT ON diary TO :app;`,
};

export const parts = () => ({
  clock: systemClock,
  ids: createIds(systemClock),
  timers: systemTimers,
  randomness: systemRandomness,
  log: silentLog,
  metrics: createMetrics({ service: 'shelf' }),
});

export const because: Command['cause'] = { correlationId: 'test' };
