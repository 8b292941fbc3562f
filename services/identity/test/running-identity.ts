import { decode, IdentityEvent, topics, type Decoded, type EventsOf } from '@g-store/contracts';
import { createInProcessBroker } from '@g-store/messaging';
import { createLog, type Clock } from '@g-store/runtime';
import { client, createDatabase, eventually, type HttpClient, type TestDatabase } from '@g-store/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { readIdentitySettings } from '../src/config.js';
import { identityMigration } from '../src/migrations/001-identity.js';
import { startIdentity } from '../src/service.js';

export const ourOrigin = 'http://shop.test';
const operatorPassword = 'a long operator password';

export interface Tokens {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
}

export interface Someone {
  readonly id: string;
  readonly login: string;
  readonly password: string;
}

export interface Told {
  readonly case: string;
  readonly value: object;
  readonly version: number;
}

export interface RunningIdentity extends AsyncDisposable {
  readonly url: string;
  readonly http: HttpClient;
  readonly database: TestDatabase;
  /** All that was logged, for what must not be in it. */
  logged(): string;
  /** Lets time go by for the service. */
  pass(ms: number): void;
  register(given?: { readonly login?: string; readonly name?: string }): Promise<Someone>;
  signIn(who: Pick<Someone, 'login' | 'password'>): Promise<Tokens>;
  /** Somebody registered and signed in, and a client that carries the access token. */
  person(): Promise<Someone & Tokens & { readonly client: HttpClient }>;
  /** The first operator, signed in. */
  operator(): Promise<HttpClient>;
  /** What was told of a user, in order, once there is as much as expected. */
  toldOf(userId: string, atLeast: number): Promise<readonly Told[]>;
  hashesComputed(): Promise<number>;
}

type Heard = Extract<Decoded<EventsOf<typeof IdentityEvent>>, { case: string }>;

/** The whole service on a database of its own, with a broker in this process and a clock that can be moved on. */
export async function startIdentityForTest(): Promise<RunningIdentity> {
  const database = await createDatabase({ migrations: [identityMigration] });
  const broker = createInProcessBroker({
    partitions: { [topics.identityEvents.name]: topics.identityEvents.partitions },
  });
  const heard: Heard[] = [];
  const reading = await broker.readEverything({
    topics: [topics.identityEvents.name],
    since: 0,
    onBatch: ({ records }) => {
      for (const { value } of records) {
        const event = decode(IdentityEvent, value ?? Buffer.alloc(0));
        if (event.case !== undefined) hear(heard, event);
      }
    },
  });
  const lines: string[] = [];
  const log = createLog({
    service: 'identity',
    levels: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  let ahead = 0;
  const clock: Clock = { now: () => new Date(Date.now() + ahead), monotonicMs: () => performance.now() + ahead };
  const service = await startIdentity(settingsFor(database), { broker, clock, log });
  const http = client(service.url);
  await eventually(async () => expect((await http.get('/readyz')).status).toBe(200));

  const register: RunningIdentity['register'] = async ({ login = `user-${randomUUID()}`, name } = {}) => {
    const password = `password of ${login}`;
    const reply = await http.post<{ id: string }>('/v1/users', { login, password, ...(name && { name }) });
    expect(reply.status).toBe(201);
    return { id: reply.body.id, login, password };
  };
  const signIn: RunningIdentity['signIn'] = async ({ login, password }) => {
    const reply = await http.post<Tokens>('/v1/sessions', { login, password });
    expect(reply.status).toBe(200);
    return reply.body;
  };
  return {
    url: service.url,
    http,
    database,
    logged: () => lines.join(''),
    pass: (ms) => void (ahead += ms),
    register,
    signIn,
    person: async () => {
      const someone = await register();
      const tokens = await signIn(someone);
      return { ...someone, ...tokens, client: client(service.url, { token: tokens.accessToken }) };
    },
    operator: async () => {
      const { accessToken } = await signIn({ login: 'Chief', password: operatorPassword });
      return client(service.url, { token: accessToken });
    },
    toldOf: (userId, atLeast) =>
      eventually(() => {
        const told = heard.filter(({ meta }) => meta.aggregateId === userId);
        expect(told.length).toBeGreaterThanOrEqual(atLeast);
        expect(told.every(({ meta }) => meta.owner === userId)).toBe(true);
        return told.map(({ meta, case: name, value }) => ({ case: name, value, version: meta.aggregateVersion }));
      }),
    hashesComputed: async () => {
      const { text } = await http.get('/metrics');
      return Number(/^password_hashes_total\S* (\d+)$/m.exec(text)?.[1] ?? NaN);
    },
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await reading[Symbol.asyncDispose]();
      await broker.close();
      await database.drop();
    },
  };
}

/** A relay that takes over sends its last tick again: that very event counts once, and whatever differs from it shows. */
function hear(heard: Heard[], event: Heard): void {
  if (!heard.some((known) => isDeepStrictEqual(known, event))) heard.push(event);
}

export const settingsFor = (database: TestDatabase, more: Readonly<Record<string, string>> = {}) =>
  readIdentitySettings({
    GSTORE_MODE: 'demo',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    KAFKA_BROKERS: '127.0.0.1:1',
    ALLOWED_ORIGINS: ourOrigin,
    TRUSTED_PROXIES: '127.0.0.1',
    IDENTITY_SECRET: randomBytes(32).toString('base64'),
    FIRST_OPERATOR_LOGIN: 'chief',
    FIRST_OPERATOR_PASSWORD: operatorPassword,
    CHECK_ANSWERS: 'on',
    LOG_LEVELS: 'error',
    ...more,
  });
