import type { EventsOf, MessageType } from '@g-store/contracts';
import type { Announced, Row, Table } from './table.js';

/** What one unit of work can see and record; the same whether HTTP or Kafka called. Nothing of it outlives the `run`. */
export interface Rows {
  /** The time of this attempt; the same for every row and event of one `run`. */
  readonly now: Date;
  /** Of whatever this `run` is: for work that it leaves for later. */
  readonly cause: Cause;
  /** A fresh UUIDv7. */
  newId(): string;
  /** The row under one of the table's declared keys, as this batch has left it; `undefined` when there is none. */
  find<R extends Row>(table: Table<R>, key: Partial<R>): Promise<R | undefined>;
  /** Adds a row. If it turns out to be there already, the attempt fails on the unique key and runs again, seeing it. */
  insert<R extends Row>(table: Table<R>, row: R): void;
  /** Replaces a row that `find` returned. */
  update<R extends Row>(table: Table<R>, row: R): void;
  /** Records an event: its outbox row commits with everything else. `version` is the aggregate's new version, 0 if unversioned. */
  tell<E extends object, C extends keyof E & string>(message: MessageType<E>, event: ToldEvent<E, C>): void;
}

export interface ToldEvent<E extends object, C extends keyof E & string = keyof E & string> {
  /** Aggregate id; the Kafka key. */
  readonly key: string;
  readonly version: number;
  /** User id of whoever the aggregate belongs to. */
  readonly owner: string;
  readonly case: C;
  readonly value: EventsOf<MessageType<E>>[C];
}

/** Where a command comes from; copied into the meta of every event that it tells. */
export interface Cause {
  readonly correlationId: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  /** Tries that whatever caused this took, when more than one. */
  readonly attempts?: number;
}

/** An Idempotency-Key as it was sent, and the fingerprint of what it was sent with. */
export interface IdempotencyKey {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
  /** SHA-256 over method, path and body. */
  readonly fingerprint: Buffer;
}

export interface Command {
  readonly announced?: readonly Announced[];
  readonly idempotency?: IdempotencyKey;
  readonly cause: Cause;
  /** Tells a reply that is a refusal: it is kept and given again, but nothing that its run recorded is. */
  readonly refuses?: (reply: unknown) => boolean;
}

/** An answer that can be kept beside an Idempotency-Key and given again: status, headers and a JSON body. */
export interface KeptReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `run` is a function of (rows, command) and awaits nothing but `rows`: it may run several times, and only the last run counts. */
export type Run<Reply> = (rows: Rows) => Promise<Reply>;

export interface UnitOfWork {
  /**
   * Runs a command inside a unit of work that it may share with others, and settles after COMMIT.
   * A `run` that throws has recorded nothing: its error rejects this promise alone.
   * With an idempotency key the reply must be a `KeptReply`; a replay answers with `replayed: true` without running.
   * @throws UnitOfWorkBusy when the queue is full (503) · KeyReused when the key was used for something else (422) · DatabaseDown (503)
   */
  transact<Reply>(command: Command, run: Run<Reply>): Promise<{ readonly reply: Reply; readonly replayed: boolean }>;
}

/** The queue of commands is full; try again after a moment. */
export class UnitOfWorkBusy extends Error {
  override readonly name = 'UnitOfWorkBusy';
}

/** The idempotency key was first used with another method, path or body. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

/** The database could not be reached, or not for long enough to commit. What was asked for has not happened. */
export class DatabaseDown extends Error {
  override readonly name = 'DatabaseDown';
}
