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
  holds: 'todo',

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
