import { randomUUID } from 'node:crypto';
import { encode, topicOf, topics, type EventMeta, type EventsOf, type MessageType } from '@g-store/contracts';
import { createInProcessBroker, partitionFor } from '@g-store/messaging';
import { createIds, systemClock } from '@g-store/runtime';
import { client, createDatabase, eventually, testTokens, type HttpClient, type TestDatabase } from '@g-store/testing';
import { readJournalSettings } from '../src/config.js';
import { journalMigrations } from '../src/migrations.js';
import { startJournal } from '../src/service.js';

export const ids = createIds(systemClock);

export interface Tell {
  <E extends object, C extends keyof E & string>(
    message: MessageType<E>,
    key: string,
    version: number,
    name: C,
    value: EventsOf<MessageType<E>>[C],
    meta?: Partial<EventMeta>,
  ): Promise<string>;
}

export interface RunningJournal extends AsyncDisposable {
  readonly url: string;
  readonly database: TestDatabase;
  /** Of an operator, unless another role is named. */
  as(role?: 'customer' | 'staff' | 'operator'): HttpClient;
  /** An operator's token. */
  operator(userId?: string): string;
  /** Says something as the service that owns the topic would; answers with the event's id. */
  readonly tell: Tell;
  /** Everything that was told, once more. */
  tellAgain(): Promise<void>;
  /** One journal more on the same database. */
  another(): Promise<string>;
  /** The frames that an event stream has brought so far. */
  follow(
    path: string,
    from?: { readonly url?: string; readonly lastEventId?: string; readonly token?: string },
  ): Promise<Followed>;
}

export interface Frame {
  readonly event: string;
  readonly id?: string;
  readonly data: Record<string, unknown>;
}
export interface Followed extends Disposable {
  readonly frames: readonly Frame[];
  readonly ended: () => boolean;
}

/** Journals on a database of their own, with a broker in this process in which a test stands in for every other service. */
export async function startJournalForTest({ stuckAfterMs = 60_000 } = {}): Promise<RunningJournal> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createDatabase({ migrations: journalMigrations }));
  const tokens = testTokens();
  const keys = starting.use(await tokens.serve());
  const broker = createInProcessBroker({
    partitions: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])),
  });
  starting.defer(() => broker.close());
  const given = readJournalSettings({
    GSTORE_MODE: 'demo',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    KAFKA_BROKERS: '127.0.0.1:1',
    JWKS_URL: keys.jwksUrl,
    LOG_LEVELS: 'silent',
    CHECK_ANSWERS: 'on',
  });
  const settings = { ...given, STUCK_AFTER_SECONDS: stuckAfterMs / 1_000, CHECK_EVERY_SECONDS: 0.1 };
  const running = new AsyncDisposableStack();
  const another = async (): Promise<string> => {
    const { url } = running.use(await startJournal(settings, { broker }));
    await eventually(async () => expect((await client(url).get('/readyz')).status).toBe(200), { within: 20_000 });
    return url;
  };
  const url = await another();
  const operator = (sub: string = randomUUID()): string => tokens.issue({ sub, roles: ['customer', 'operator'] });
  const token = operator();
  const told: Parameters<typeof broker.append>[0][number][] = [];

  const all = starting.move();
  return {
    url,
    database,
    operator,
    as: (role = 'operator') =>
      client(url, { token: role === 'operator' ? token : tokens.issue({ roles: ['customer', role] }) }),
    async tell(message, key, version, name, value, more = {}) {
      const eventId = more.eventId ?? ids.next();
      const meta = {
        aggregateId: key,
        aggregateVersion: version,
        owner: 'anna',
        occurredAt: new Date(),
        correlationId: 'c1',
        ...more,
        eventId,
      };
      const { name: topic, partitions } = topicOf(message as unknown as MessageType<object>);
      const bytes = encode(message, { meta, case: name, value } as never);
      const record = {
        topic,
        partition: partitionFor(Buffer.from(key), partitions),
        key: Buffer.from(key),
        value: bytes,
      };
      told.push(record);
      await broker.append([record]);
      return eventId;
    },
    tellAgain: () => broker.append([...told]),
    another,
    async follow(path, from = {}) {
      const leaving = new AbortController();
      const response = await fetch(new URL(path, from.url ?? url), {
        headers: {
          authorization: `Bearer ${from.token ?? token}`,
          ...(from.lastEventId && { 'last-event-id': from.lastEventId }),
        },
        signal: leaving.signal,
      });
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        'text/event-stream; charset=utf-8',
      ]);
      const frames: Frame[] = [];
      let ended = false;
      void read(response, frames)
        .catch(() => undefined)
        .then(() => (ended = true));
      return { frames, ended: () => ended, [Symbol.dispose]: () => leaving.abort() };
    },
    async [Symbol.asyncDispose]() {
      await running.disposeAsync();
      await all.disposeAsync();
    },
  };
}

async function read(response: Response, frames: Frame[]): Promise<void> {
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    frames.push(...parts.filter((part) => !part.startsWith(':')).map(toFrame));
  }
}

function toFrame(part: string): Frame {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
  const id = field('id');
  return {
    event: field('event') ?? '',
    ...(id !== undefined && { id }),
    data: JSON.parse(field('data') ?? '{}') as Record<string, unknown>,
  };
}
