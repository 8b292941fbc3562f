import { requestIn, usage, type Request } from './republish/request.mts';
import { builtContracts, type CatalogueTopic } from './verify/topics.mts';
import { built, findStack, ToolRefused } from './verify/where.mts';

interface Republishing {
  readonly databaseUrl: string;
  readonly broker: Broker;
  readonly topics: readonly CatalogueTopic[];
  readonly only: readonly string[];
  readonly since: Date;
  readonly dryRun: boolean;
  readonly onProgress: (events: number) => void;
  readonly signal: AbortSignal;
  readonly timers: unknown;
  readonly randomness: unknown;
  readonly log: unknown;
}
interface Broker {
  close(): Promise<void>;
}
interface Messaging {
  readonly createKafkaBroker: (options: Readonly<Record<string, unknown>>) => Broker;
  readonly republish: (options: Republishing) => Promise<number>;
}
interface Runtime {
  readonly systemClock: unknown;
  readonly systemTimers: unknown;
  readonly systemRandomness: unknown;
  readonly silentLog: unknown;
}

const counted = (events: number): string => `${events} event${events === 1 ? '' : 's'}`;

async function main(): Promise<void> {
  const { topics: catalogue } = await builtContracts();
  const topics = Object.values(catalogue);
  const request = requestIn(
    process.argv.slice(2),
    topics.map(({ name }) => name),
    Date.now(),
  );
  if (request === undefined) return void process.stdout.write(`${usage}\n`);
  await send(request, topics);
}

async function send({ since, topics: names, dryRun }: Request, catalogue: readonly CatalogueTopic[]): Promise<void> {
  const owners = [...new Set(catalogue.filter(({ name }) => names.includes(name)).map(({ owner }) => owner))];
  const { brokers, databaseUrls, name } = findStack(process.env, { databases: owners, kafka: true });
  const { createKafkaBroker, republish } = await built<Messaging>('packages/messaging/dist/index.js');
  const runtime = await built<Runtime>('packages/runtime/dist/index.js');
  const { systemClock: clock, systemTimers: timers, systemRandomness: randomness, silentLog: log } = runtime;
  const broker = createKafkaBroker({ brokers, clientId: 'republish', clock, timers, randomness, log });
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort(new ToolRefused('stopped; it may be begun again from the start')));
  let all = 0;
  try {
    for (const owner of owners) {
      const told = catalogue.filter((topic) => topic.owner === owner);
      const sent = await republish({
        databaseUrl: databaseUrls[owner] ?? '',
        broker,
        topics: told,
        only: told.map((topic) => topic.name).filter((topic) => names.includes(topic)),
        since,
        dryRun,
        onProgress: (events) => process.stderr.write(`${owner}: ${counted(events)} so far\n`),
        signal: stopping.signal,
        timers,
        randomness,
        log,
      });
      process.stdout.write(`${owner.padEnd(12)} ${counted(sent)}\n`);
      all += sent;
    }
  } finally {
    await broker.close();
  }
  const done = dryRun ? 'would be sent again; nothing was' : 'sent again';
  process.stdout.write(`${counted(all)} since ${since.toISOString()} ${done} (${name})\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof ToolRefused ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 2;
}
