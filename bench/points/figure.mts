import type { Figure } from '../figure.mts';
import { postgresSettings, startStack } from '../stack.mts';
import { tell } from '../words.mts';
import type { PointsPart } from './part.mts';
import { reads } from './reads.mts';
import { rebuild } from './rebuild.mts';
import { requests } from './requests.mts';
import { pointsDatabase, pointsNeeds } from './service.mts';
import { uploads } from './uploads.mts';

const parts: readonly PointsPart[] = [requests, uploads, rebuild, reads];

export const points: Figure = {
  name: 'points',
  title: 'Points',
  parts: parts.map(({ name }) => name),
  versionsOf: ['kafkajs', 'express', 'pg', 'undici'],
  what: parts.map(({ name, title, what }) => `(${name}) *${title}.* ${what}`).join('\n\n'),
  floor:
    '(a) 1,500 requests/s accepted and applied, one account at least half of it; (b) never more than allowed, none left over, at most 160 MB; (c) at most 60 s, with flat memory; (d) p99 within twice that of a short history',
  goal: 'none beyond the floor',
  holds:
    '(a) The CPU of all that runs here: of a request the service takes nearly half (system calls of sockets first, then HTTP, JSON and two lines of log), PostgreSQL a quarter (an event is in five indexes and looks for the one before it), Kafka a quarter, for two small requests and two fetches a tick. One account is faster than many: its events lie in one partition, so that batches are larger, and its snapshot is written once a batch. (b) What the system allows: 95 % of it is used, for its clock counts and not ours; where it is not told beforehand it is known only by the first 429, after which nobody asks for a minute. (c) Reading the rows, and as many objects for the garbage collector. (d) The round trips of HTTP and PostgreSQL: each reading is one step down an index.',

  async measure(options) {
    await using stack = await startStack(pointsNeeds);
    const world = { stack, database: await pointsDatabase(stack, 'points') };
    let numbers = {};
    for (const part of parts.filter(({ name }) => options.part === undefined || name === options.part)) {
      tell(`  ${part.name}: ${part.title}`);
      const measured = Object.entries(await part.measure(world, options));
      numbers = { ...numbers, ...Object.fromEntries(measured.map(([key, runs]) => [`${part.name} ${key}`, runs])) };
    }
    return { settings: await postgresSettings(stack.superuserUrl), numbers };
  },

  render({ numbers }) {
    return parts
      .flatMap(({ name, title, render }) => {
        const own = Object.entries(numbers).flatMap(([key, runs]) =>
          key.startsWith(`${name} `) ? [[key.slice(2), runs] as const] : [],
        );
        return own.length === 0 ? [] : [`### (${name}) ${title}`, render(Object.fromEntries(own))];
      })
      .join('\n\n');
  },
};
