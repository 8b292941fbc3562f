import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a service hears of one topic's message; `all` when it takes whatever comes. */
export interface Hearer {
  readonly service: string;
  /** `OrderEvent`. */
  readonly message: string;
  readonly cases: readonly string[] | 'all';
  readonly how: string;
}

const inbox = 'its inbox: each event once, in the order of its key';
const denyList = 'every partition, from the longest life of a token ago: a list of what is no longer believed';
const liveFeed = 'every partition on every instance, from now on: what sockets are told';

/** The services that are in the checkout, and what each of them hears, read from where it says so. */
export function hearersIn(services: string): readonly Hearer[] {
  const names = readdirSync(services)
    .filter((name) => existsSync(join(services, name, 'src', 'service.ts')))
    .sort();
  return names.flatMap((service) => [
    ...(service === 'journal' ? everything(service) : subscriptionsOf(service, join(services, service, 'src/inbound'))),
    ...(service === 'notifications' ? liveTopics.map((message) => all(service, message, liveFeed)) : []),
    ...(service === 'identity' || service === 'journal' ? [] : [all(service, 'IdentityEvent', denyList)]),
  ]);
}

const liveTopics = ['OrderEvent', 'PaymentEvent', 'PointsEvent'] as const;
const topicMessages = [...liveTopics, 'PointsRequest', 'AccrualEvent', 'IdentityEvent'] as const;

/** The journal keeps what it hears and asks for no case by name. */
const everything = (service: string): readonly Hearer[] => topicMessages.map((message) => all(service, message, inbox));

const all = (service: string, message: string, how: string): Hearer => ({ service, message, cases: 'all', how });

/** @throws Error on a subscription that is written in a way which is not understood here */
function subscriptionsOf(service: string, folder: string): readonly Hearer[] {
  const cases = new Map<string, string[]>();
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /(?<!\.test|\.fake)\.ts$/.test(name)) : [];
  for (const file of files.sort()) {
    const source = readFileSync(join(folder, file), 'utf8');
    const found = [...source.matchAll(/\bon\(\s*([A-Z]\w+),\s*'(\w+)'/g)];
    if (found.length !== [...source.matchAll(/(?<![.\w])on\(/g)].length)
      throw new Error(`${service}: a subscription in ${file} does not name its message and its case`);
    for (const [, message = '', name = ''] of found) cases.set(message, [...(cases.get(message) ?? []), name]);
  }
  return [...cases].map(([message, names]) => ({ service, message, cases: names, how: inbox }));
}
