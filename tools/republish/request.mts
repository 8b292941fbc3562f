import { parseArgs } from 'node:util';
import { ToolRefused } from '../verify/where.mts';

export const usage = `npm run republish -- --since 2h [--topic order.events] [--dry-run]

Sends events that services still keep to Kafka again, in their order: for when Kafka has lost what it had acknowledged.
Whoever has heard them drops them as repeats, so it may be done at any time, beside everything else, and again.

  --since <when>     events made from then on: 90s, 15m, 2h or 3d ago, or a time such as 2026-11-27T08:00:00Z
  --topic <name>     only this topic; may be given several times; all topics otherwise
  --dry-run          counts, and sends nothing

Exit code: 0 everything was sent, 2 it was not.

STACK names another stack than main. DATABASE_URL_ORDERS (and so on) and KAFKA_BROKERS point anywhere else.`;

export interface Request {
  readonly since: Date;
  /** Names, each of a topic that there is. */
  readonly topics: readonly string[];
  readonly dryRun: boolean;
}

/** @throws ToolRefused on what cannot be meant; undefined: help is wanted */
export function requestIn(args: readonly string[], known: readonly string[], nowMs: number): Request | undefined {
  const { since, topic, 'dry-run': dryRun, help } = optionsIn(args);
  if (help) return undefined;
  const unknown = topic.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new ToolRefused(`--topic ${unknown.join(', ')}: there is no such topic; there are ${known.join(', ')}`);
  if (since === undefined) throw new ToolRefused(`--since is missing\n\n${usage}`);
  return { since: timeIn(since, nowMs), topics: topic.length === 0 ? known : [...new Set(topic)], dryRun };
}

function optionsIn(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        since: { type: 'string' },
        topic: { type: 'string', multiple: true, default: [] },
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new ToolRefused(`${(error as Error).message}\n\n${usage}`);
  }
}

const secondsByUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function timeIn(text: string, nowMs: number): Date {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  // A date alone, or a time without a zone, means something else on another machine.
  const absolute = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  const ms = count === undefined ? absolute : nowMs - Number(count) * (secondsByUnit[unit] ?? 0) * 1_000;
  if (Number.isNaN(ms)) throw new ToolRefused(`--since ${text}: write 90s, 15m, 2h, 3d or 2026-11-27T08:00:00Z`);
  if (ms > nowMs) throw new ToolRefused(`--since ${text}: that is still to come`);
  return new Date(ms);
}
