import { parseArgs } from 'node:util';
import type { TopicOwner } from '@g-store/contracts';
import { built, findStack, ToolRefused } from './verify/where.mts';

const usage = `npm run republish -- --service orders --since 2026-11-27T08:00:00Z [--topic order.events] [--dry-run]

Sends the kept events of a service to Kafka again, in the order in which they were told: for a Kafka that has lost what it
had acknowledged. Whoever has heard of them already drops them as repeats.

  --service   whose outbox: orders, payments, points, accrual or identity
  --since     events made at or after this time, with its zone
  --topic     of a service with several topics only this one; may be given again
  --dry-run   counts, and sends nothing

STACK names another stack than main; DATABASE_URL_ORDERS (…) and KAFKA_BROKERS point anywhere else.`;

const options = {
  service: { type: 'string' },
  since: { type: 'string' },
  topic: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const since = timeIn(values.since);
  const { topics } = await built<typeof import('@g-store/contracts')>('packages/contracts/dist/index.js');
  const owner = values.service as TopicOwner | undefined;
  const own = Object.values(topics).filter((topic) => topic.owner === owner);
  if (owner === undefined || own.length === 0)
    throw new ToolRefused(`no service ${owner ?? ''} tells events\n\n${usage}`);
  const strange = values.topic?.filter((name) => own.every((topic) => topic.name !== name)) ?? [];
  if (strange.length > 0) throw new ToolRefused(`${owner} does not tell ${strange.join(', ')}`);

  const { brokers, databaseUrls } = findStack(process.env, { databases: [owner], kafka: true });
  const { createKafkaBroker, republish } = await built<Messaging>('packages/messaging/dist/index.js');
  const { silentLog, systemRandomness, systemTimers } = await built<typeof import('@g-store/runtime')>(
    'packages/runtime/dist/index.js',
  );
  await using broker = closing(createKafkaBroker({ brokers, clientId: 'republish', log: silentLog }));
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort(new ToolRefused('stopped; what was sent was sent')));
  const sent = await republish({
    databaseUrl: databaseUrls[owner] ?? '',
    broker: broker.use,
    topics: own,
    timers: systemTimers,
    randomness: systemRandomness,
    since,
    ...(values.topic && { only: values.topic }),
    dryRun: values['dry-run'],
    signal: stopped.signal,
    onProgress: (events: number) => process.stderr.write(`\r${events} events`),
  });
  process.stderr.write('\r');
  process.stdout.write(
    `${sent} events of ${owner} since ${since.toISOString()} ${values['dry-run'] ? 'would be' : 'were'} sent again\n`,
  );
}

/** What is used of the package: a broker, and the sending again. */
interface Messaging {
  createKafkaBroker(options: object): { close(): Promise<void> };
  republish(options: object): Promise<number>;
}

function timeIn(text: string | undefined): Date {
  const time = new Date(/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text ?? '') ? (text ?? '') : Number.NaN);
  if (Number.isNaN(time.getTime()))
    throw new ToolRefused(`--since ${text ?? ''}: write a time like 2026-11-27T08:00:00Z`);
  return time;
}

const closing = <T extends { close(): Promise<void> }>(use: T): AsyncDisposable & { readonly use: T } => ({
  use,
  [Symbol.asyncDispose]: () => use.close(),
});

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof ToolRefused ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}
