import type { Figure } from '../figure.mts';
import { postgresSettings, startStack } from '../stack.mts';
import { tell } from '../words.mts';
import type { PointsPart } from './part.mts';
import { requests } from './requests.mts';
import { pointsNeeds } from './service.mts';

const parts: readonly PointsPart[] = [requests];

export const points: Figure = {
  name: 'points',
  title: 'Points',
  parts: parts.map(({ name }) => name),
  versionsOf: ['kafkajs', 'express', 'pg', 'undici'],
  what: parts.map(({ name, title, what }) => `(${name}) *${title}.* ${what}`).join('\n\n'),
  floor: 'todo',
  goal: 'todo',
  holds: 'todo',

  async measure(options) {
    await using stack = await startStack(pointsNeeds);
    let numbers = {};
    for (const part of parts.filter(({ name }) => options.part === undefined || name === options.part)) {
      tell(`  ${part.name}: ${part.title}`);
      const measured = Object.entries(await part.measure(stack, options));
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
