import type { QueryConfig, QueryResult } from 'pg';
import { encode, topicOf, type MessageType } from '@g-store/contracts';
import type { Clock, Ids } from '@g-store/runtime';
import { partitionFor } from '../partitioner.js';
import type { Announced, Row, Table } from '../table.js';
import type { Cause, Rows, ToldEvent } from '../work.js';
import { arrayLiteral } from './array-literal.js';
import { createOverlay, inFlushOrder, keyOf, keyText } from './overlay.js';
import { statementsFor, type TableStatements } from './statements.js';

/** Sends statements without waiting between them and answers with all results; @throws the first error in their order. */
export type Send = (statements: readonly QueryConfig[]) => Promise<readonly QueryResult[]>;

/** The tables of a service with their statements, made once. */
export interface Schema {
  readonly tables: readonly Table<Row>[];
  statements(table: Table<Row>): TableStatements<Row>;
}

export function createSchema(tables: readonly Table<Row>[]): Schema {
  const statementsByName = new Map(tables.map((table) => [table.name, statementsFor(table)]));
  return {
    tables: inFlushOrder(tables),
    statements(table) {
      const statements = statementsByName.get(table.name);
      if (statements === undefined) throw new TypeError(`table ${table.name} was not declared to this unit of work`);
      return statements;
    },
  };
}

/** Kafka takes a request of 1 MiB, overhead included. */
const MAX_EVENT_BYTES = 900_000;

interface OutboxRow {
  readonly topic: number;
  readonly part: number;
  readonly key: Buffer;
  readonly body: Buffer;
  readonly eventId: string;
  readonly at: Date;
}

/** One attempt at one transaction: what it has read, and what it will write. Nothing of it outlives the attempt. */
export interface Transaction {
  /** Reads of everything announced: guards first, each locked, then in later statements what hangs on them. */
  prefetch(announced: readonly Announced[]): {
    readonly statements: readonly QueryConfig[];
    take(results: readonly QueryResult[]): void;
  };
  /** Runs one `run`; what it records stays only if it returns and `keeps` says so. */
  run<Reply>(cause: Cause, run: (rows: Rows) => Promise<Reply>, keeps: (reply: Reply) => boolean): Promise<Reply>;
  /** A read of the messaging's own tables in the middle of deciding: a round trip. */
  read<R extends Row>(statement: QueryConfig): Promise<readonly R[]>;
  /** What a flush writes: one statement per table, rows sorted by primary key, tables in one fixed order. */
  tableWrites(): readonly QueryConfig[];
  /**
   * The outbox rows, in the order in which they were told. They must be inserted after the aggregates' rows are locked:
   * the sequence number taken here is what keeps the order of a key.
   */
  outboxWrites(): readonly QueryConfig[];
}

/** An SQL error inside a `run`: PostgreSQL has failed the whole transaction, so the attempt cannot go on. */
export class AttemptFailed extends Error {
  override readonly name = 'AttemptFailed';
}

export function createTransaction(
  schema: Schema,
  send: Send,
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
): Transaction {
  const overlay = createOverlay(schema.tables);
  const outbox: OutboxRow[] = [];
  let failed: unknown;

  const load = async (table: Table<Row>, wanted: Readonly<Record<string, unknown>>): Promise<Row | undefined> => {
    const fields = keyOf(table, wanted);
    const [result] = await send([
      schema.statements(table).select(fields, [fields.map((field) => wanted[field])]),
    ]).catch((error: unknown) => {
      failed = new AttemptFailed('reading inside a run failed', { cause: error });
      throw failed;
    });
    overlay.loaded(table, fields, [wanted], (result as QueryResult<Row>).rows);
    return overlay.find(table, wanted) ?? undefined;
  };

  const tell = <E extends object, C extends keyof E & string>(
    { cause, now }: Pick<Rows, 'cause' | 'now'>,
    message: MessageType<E>,
    { key, version, owner, case: eventCase, value }: ToldEvent<E, C>,
  ): void => {
    const topic = topicOf(message as unknown as MessageType<object>);
    const eventId = ids.next();
    const meta = { eventId, aggregateId: key, aggregateVersion: version, owner, occurredAt: now, ...cause };
    const keyBytes = Buffer.from(key);
    const body = encode(message, { meta, case: eventCase, value } as never);
    // The broker would refuse it, and the relay would offer it again for ever.
    if (body.length > MAX_EVENT_BYTES)
      throw new RangeError(`an event of ${body.length} bytes does not fit into ${topic.name}`);
    outbox.push({
      topic: topic.id,
      part: partitionFor(keyBytes, topic.partitions),
      key: keyBytes,
      body,
      eventId,
      at: now,
    });
  };

  // A transaction has as many runs as it takes commands or messages; what differs between them is small.
  const ofEveryRun: Pick<Rows, 'newId' | 'find' | 'insert' | 'update'> = {
    newId: () => ids.next(),
    find(table, key) {
      const declared = table as unknown as Table<Row>;
      const wanted = key as Readonly<Record<string, unknown>>;
      const row = overlay.find(declared, wanted);
      return (row === undefined ? load(declared, wanted) : Promise.resolve(row ?? undefined)) as Promise<never>;
    },
    insert: (table, row) => overlay.insert(table as unknown as Table<Row>, row),
    update: (table, row) => overlay.update(table as unknown as Table<Row>, row),
  };
  const rowsFor = (cause: Cause): Rows => {
    const of = { cause, now: clock.now() };
    return { ...ofEveryRun, ...of, tell: (message, event) => tell(of, message, event) };
  };

  return {
    prefetch(announced) {
      const reads = prefetchReads(schema, announced);
      return {
        statements: reads.map(({ table, key, asked }) =>
          schema.statements(table).select(
            key,
            asked.map((want) => key.map((field) => want[field])),
          ),
        ),
        take: (results) =>
          reads.forEach(({ table, key, asked }, i) =>
            overlay.loaded(table, key, asked, (results[i] as QueryResult<Row>).rows),
          ),
      };
    },

    async run(cause, run, keeps) {
      const told = outbox.length;
      const discard = (): void => {
        overlay.discard();
        outbox.length = told;
      };
      overlay.begin();
      let reply;
      try {
        reply = await run(rowsFor(cause));
      } catch (error) {
        discard();
        throw failed ?? error;
      }
      if (failed !== undefined) throw failed; // the run swallowed it, but its transaction is lost all the same
      if (keeps(reply)) overlay.keep();
      else discard();
      return reply;
    },

    read: async (statement) =>
      (
        await send([statement]).catch((error: unknown) => {
          throw new AttemptFailed('reading failed', { cause: error });
        })
      )[0]?.rows as never,

    tableWrites: () =>
      overlay.changes().flatMap(({ table, inserted, updated }) => {
        const statements = schema.statements(table);
        return [
          ...(updated.length > 0 ? [statements.update(updated)] : []),
          ...(inserted.length > 0 ? [statements.insert(inserted)] : []),
        ];
      }),

    outboxWrites: () => (outbox.length === 0 ? [] : [outboxInsert(outbox)]),
  };
}

interface PrefetchRead {
  readonly table: Table<Row>;
  readonly key: readonly string[];
  readonly asked: readonly Readonly<Record<string, unknown>>[];
}

/** One read per (table, key), tables in flush order, what is asked for sorted and without repeats. */
function prefetchReads(schema: Schema, announced: readonly Announced[]): readonly PrefetchRead[] {
  const reads: {
    table: Table<Row>;
    key: readonly string[];
    askedByText: Map<string, Readonly<Record<string, unknown>>>;
  }[] = [];
  for (const { table, key: wanted } of announced) {
    const key = keyOf(table, wanted);
    let read = reads.find((each) => each.key === key && each.table === table);
    if (read === undefined) reads.push((read = { table, key, askedByText: new Map() }));
    read.askedByText.set(keyText(key, wanted), wanted);
  }
  const position = new Map(schema.tables.map((table, i) => [table.name, i]));
  return reads
    .sort(
      (a, b) =>
        (position.get(a.table.name) ?? 0) - (position.get(b.table.name) ?? 0) || (a.key.join() < b.key.join() ? -1 : 1),
    )
    .map(({ table, key, askedByText }) => ({
      table,
      key,
      asked: [...askedByText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, want]) => want),
    }));
}

function outboxInsert(rows: readonly OutboxRow[]): QueryConfig {
  return {
    name: 'insert outbox',
    text:
      'INSERT INTO outbox (topic, part, key, body, event_id, created_at) SELECT topic, part, key, body, event_id, created_at ' +
      'FROM unnest($1::smallint[], $2::smallint[], $3::bytea[], $4::bytea[], $5::uuid[], $6::timestamptz[]) ' +
      'WITH ORDINALITY AS t(topic, part, key, body, event_id, created_at, ordinality) ORDER BY ordinality',
    values: [
      arrayLiteral(
        'smallint',
        rows.map((row) => row.topic),
      ),
      arrayLiteral(
        'smallint',
        rows.map((row) => row.part),
      ),
      arrayLiteral(
        'bytea',
        rows.map((row) => row.key),
      ),
      arrayLiteral(
        'bytea',
        rows.map((row) => row.body),
      ),
      arrayLiteral(
        'uuid',
        rows.map((row) => row.eventId),
      ),
      arrayLiteral(
        'timestamptz',
        rows.map((row) => row.at),
      ),
    ],
  };
}
