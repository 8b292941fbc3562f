import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Topic } from '@g-store/contracts';
import {
  createAuthenticate,
  createDenyList,
  type Authenticator,
  type DenyList,
  type JsonWebKeySet,
  type Reply,
  type TransactPort,
} from '@g-store/http';
import {
  createKafkaBroker,
  createParkingFor,
  openPool,
  startConsumer,
  startRelay,
  startUnitOfWork,
  startUpkeep,
  messagingUpkeep,
  type Announced,
  type Broker,
  type Consumer,
  type Gathering,
  type Parking,
  type Relay,
  type Row,
  type Rows,
  type Subscription,
  type Table,
  type UpkeepTask,
} from '@g-store/messaging';
import {
  createHealth,
  createIds,
  createLog,
  createMetrics,
  startTracing,
  systemClock,
  systemRandomness,
  systemTimers,
  type Clock,
  type Health,
  type Ids,
  type Metrics,
  type Randomness,
  type ServiceLog,
  type Timers,
  type Tracing,
} from '@g-store/runtime';
import { startHold, type Hold } from './hold.js';
import { readDenials } from './deny-list-feed.js';
import { watchDependencies } from './dependencies.js';
import { sampleParking, samplePool, startSampling, type Sampling } from './sampling.js';
import { checkFoundation, kafkaSecurity, type FoundationSettings } from './settings.js';

export interface FoundationOptions<W> {
  readonly name: string;
  readonly settings: FoundationSettings;
  /** Every table that its commands and handlers write, guards in the order in which they are to be locked. */
  readonly tables: readonly Table<Row>[];
  /** The service's own view of a unit of work. */
  readonly workIn: (rows: Rows) => W;
  readonly subscriptions: readonly Subscription<W>[];
  /** The topics that it tells. */
  readonly tells: readonly Topic[];
  readonly gathering?: Gathering;
  /** For the service that makes the keys itself. */
  readonly keys?: () => Promise<JsonWebKeySet>;
  /** The longest life of a token that the service accepts, for the deny list; 10 minutes by default. */
  readonly tokenLifeMs?: number;
  /** What else is kept in order now and then with the owner's connection. */
  readonly upkeep?: readonly UpkeepTask[];
  /** Tests and editions bring a broker, or a clock, of their own. */
  readonly adapters?: Partial<Adapters>;
}

export interface Adapters {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: ServiceLog;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly tracing: Tracing;
}

/** What every service stands on. Its parts are stopped by `serve`, in order. */
export interface Foundation<W> {
  readonly name: string;
  readonly settings: FoundationSettings;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: ServiceLog;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly tracing: Tracing | undefined;
  /** For readers; commands go through `transact`. */
  readonly pool: Pool;
  readonly broker: Broker;
  readonly relay: Relay | undefined;
  readonly consumer: Consumer | undefined;
  /** Of its consumers, if it has any. */
  readonly hold: Hold | undefined;
  readonly parking: (Parking & AsyncDisposable) | undefined;
  readonly denyList: DenyList;
  readonly authenticate: Authenticator;
  readonly transact: TransactPort<W, readonly Announced[]>;
  /** For figures that a service has to ask its database for. */
  readonly sampling: Sampling;
  /** Aborted when messaging stops: whatever goes on by itself ends. */
  readonly stopping: AbortSignal;
  /** Stops the relay, then the consumers. */
  stopMessaging(): Promise<void>;
  /** Lets go of the database and the broker: last. */
  close(): Promise<void>;
}

/** Makes every part of a service but its routes. Neither the database nor Kafka has to be there yet: it becomes ready when they are. */
export async function startFoundation<W>(options: FoundationOptions<W>): Promise<Foundation<W>> {
  const { name, settings, tables, workIn, subscriptions, tells, tokenLifeMs = 600_000, adapters = {} } = options;
  checkFoundation(settings);
  const { clock = systemClock, timers = systemTimers, randomness = systemRandomness } = adapters;
  const log = adapters.log ?? createLog({ service: name, levels: settings.LOG_LEVELS });
  const ids = createIds(clock);
  const { metrics = createMetrics({ service: name }), health = createHealth() } = adapters;
  const tracing = adapters.tracing ?? (await startedTracing(name, settings));
  const parts = { clock, timers, randomness, ids, log, metrics, health, tracing };
  const databaseUrl = settings.DATABASE_URL;
  const security = kafkaSecurity(settings);

  const broker =
    adapters.broker ??
    createKafkaBroker({
      brokers: settings.KAFKA_BROKERS,
      ...(security && { security }),
      clientId: name,
      ...parts,
      log: log.module('kafka'),
    });
  const pool = openPool(databaseUrl, { applicationName: `${name} readers`, max: 10, log });
  const relay =
    tells.length === 0
      ? undefined
      : await startRelay({
          databaseUrl,
          ownerUrl: settings.DATABASE_OWNER_URL,
          broker,
          topics: tells,
          holder: `${name}-${randomUUID()}`,
          ...(options.upkeep && { upkeep: options.upkeep }),
          ...parts,
          log: log.module('relay'),
        });
  // A relay keeps the partitions in order beside its work; a service that tells nothing still writes attempts and inbox rows.
  const upkeep =
    relay === undefined
      ? startUpkeep({
          ownerUrl: settings.DATABASE_OWNER_URL,
          tasks: [...messagingUpkeep, ...(options.upkeep ?? [])],
          timers,
          log: log.module('upkeep'),
        })
      : undefined;
  const onCommit = (): void => relay?.wake();
  const unitOfWork = await startUnitOfWork({ name, databaseUrl, tables, onCommit, ...parts, log: log.module('work') });
  const heard = {
    name,
    databaseUrl,
    broker,
    subscriptions,
    workIn,
    tables,
    ...(options.gathering && { gathering: options.gathering }),
    onCommit,
    ...parts,
    log: log.module('inbox'),
  };
  const consumer = subscriptions.length === 0 ? undefined : await startConsumer(heard);
  const hold = consumer && startHold({ name, consumer, pool, timers, log: log.module('inbox') });
  const parking = subscriptions.length === 0 ? undefined : createParkingFor(heard, pool);

  const stopping = new AbortController();
  const sampling = startSampling({ timers, log: log.module('metrics') });
  samplePool(sampling, metrics, name, pool);
  if (parking !== undefined) sampleParking(sampling, metrics, parking);
  const denyList = createDenyList(clock, { tokenLifeMs });
  const denials = await readDenials(broker, denyList, { clock, log, tokenLifeMs });
  const authenticate = createAuthenticate({
    keys: options.keys ? { local: options.keys } : { url: new URL(settings.JWKS_URL) },
    denyList,
    ...(settings.STAFF_API_KEYS && { staffKeys: settings.STAFF_API_KEYS }),
    clock,
    timers,
    health,
    log: log.module('authenticate'),
  });
  const watch = watchDependencies({
    pool,
    health,
    timers,
    ready: {
      consumer: () => consumer?.ready ?? true,
      'deny list': () => denials.ready,
      'signing keys': authenticate.ready,
    },
  });

  return {
    name,
    settings,
    ...parts,
    pool,
    broker,
    relay,
    consumer,
    hold,
    parking,
    denyList,
    authenticate,
    transact: async ({ cause, idempotency }, announced, run) =>
      unitOfWork.transact<Reply>({ announced, cause, refuses, ...(idempotency && { idempotency }) }, (rows) =>
        run(workIn(rows)),
      ),
    sampling,
    stopping: stopping.signal,
    async stopMessaging() {
      stopping.abort(new Error('the service stops'));
      await relay?.[Symbol.asyncDispose]();
      await upkeep?.[Symbol.asyncDispose]();
      hold?.[Symbol.dispose]();
      await consumer?.[Symbol.asyncDispose]();
    },
    async close() {
      watch[Symbol.dispose]();
      sampling[Symbol.dispose]();
      authenticate[Symbol.dispose]();
      await denials[Symbol.asyncDispose]();
      await unitOfWork[Symbol.asyncDispose]();
      await parking?.[Symbol.asyncDispose]();
      if (adapters.broker === undefined) await broker.close();
      await pool.end();
      if (adapters.tracing === undefined) await tracing?.[Symbol.asyncDispose]();
    },
  };
}

const startedTracing = async (
  service: string,
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio }: FoundationSettings,
): Promise<Tracing | undefined> => (endpoint === undefined ? undefined : startTracing({ service, endpoint, ratio }));

/** A refusal is kept beside its Idempotency-Key like any other answer, but nothing that its run recorded is. */
const refuses = (reply: unknown): boolean => (reply as Reply).status >= 400;
