import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Stack } from './settings.mts';
import { StackRefused } from './stack-refused.mts';

export interface LogFilter {
  /** `orders` means its further instances, `orders-2` …, too. */
  readonly service?: string;
  /** This level and what is graver. */
  readonly level?: string;
  readonly order?: string;
  /** A trace id or a request id. */
  readonly trace?: string;
}

export interface Line {
  readonly source: string;
  readonly text: string;
  /** Milliseconds; a line without a time stands where the one before it does. */
  readonly at: number;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

const ranks = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** @throws StackRefused on a level that there is none of */
export function filterOf(env: Stack['env']): LogFilter {
  const { SERVICE, LEVEL, ORDER, TRACE } = env;
  if (LEVEL && !ranks.includes(LEVEL.toLowerCase()))
    throw new StackRefused(`LEVEL=${LEVEL}: write one of ${ranks.join(', ')}`);
  return {
    ...(SERVICE && { service: SERVICE }),
    ...(LEVEL && { level: LEVEL.toLowerCase() }),
    ...(ORDER && { order: ORDER }),
    ...(TRACE && { trace: TRACE }),
  };
}

export function toLine(source: string, text: string, previous: number): Line {
  const fields = parsed(text);
  const time = fields?.['time'];
  const milliseconds =
    typeof time === 'number' ? (time < 1e11 ? time * 1000 : time) : Date.parse(String(time ?? text.slice(0, 27)));
  return { source, text, fields, at: Number.isFinite(milliseconds) ? milliseconds : previous };
}

export function matches({ source, text, fields }: Line, { service, level, order, trace }: LogFilter): boolean {
  if (service && source !== service && source.replace(/-\d$/, '') !== service) return false;
  if (order && !text.includes(order)) return false;
  if (trace && !text.includes(trace)) return false;
  return !level || ranks.indexOf(levelOf(fields)) >= ranks.indexOf(level);
}

/** For people: time, level, who, what, then whatever else it carries; a fault's stack below it. */
export function pretty({ source, text, at, fields }: Line): string {
  const time = at > 0 ? new Date(at).toISOString().slice(11, 23) : ' '.repeat(12);
  if (fields === undefined) return `${time}       ${source.padEnd(14)} ${text}`;
  const { message = '', module, err, error = err, stack = stackOf(error), ...rest } = fields;
  const extras = Object.entries(rest).filter(([name, value]) => !told.has(name) && value !== '' && value !== undefined);
  const shown = extras.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const who = module === undefined ? source : `${source}/${String(module)}`;
  const line = [time, levelOf(fields).padEnd(5), who.padEnd(14), String(message)].join(' ');
  const below = String(stack)
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => `\n    ${each}`);
  return `${line}${shown.map((each, index) => `${index === 0 ? '  ' : ' '}${each}`).join('')}${below.join('')}`;
}

/** Said elsewhere in the line, or the same in every line. */
const told = new Set(['level', 'time', 'service', 'pid', 'hostname']);

const stackOf = (error: unknown): unknown => {
  const { stack, message } = (error ?? {}) as { readonly stack?: unknown; readonly message?: unknown };
  return stack ?? message ?? '';
};

/** Prints the newest lines that match, oldest first, over all files; with `follow` goes on until it is interrupted. */
export async function printLogs(
  stack: Stack,
  filter: LogFilter,
  options: { lines: number; follow: boolean },
): Promise<void> {
  const folder = join(stack.home, 'logs');
  const names = () => (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.log'));
  const positions = new Map(names().map((name) => [name, statSync(join(folder, name)).size]));
  const past = [...positions.keys()].flatMap((name) => {
    const older = existsSync(join(folder, `${name}.1`)) ? readFileSync(join(folder, `${name}.1`), 'utf8') : '';
    return linesOf(name, older + readFileSync(join(folder, name), 'utf8'));
  });
  show(past, filter, options.lines);
  while (options.follow) {
    await sleep(250);
    const fresh = names().flatMap((name) => {
      const file = join(folder, name);
      const from = Math.min(positions.get(name) ?? 0, statSync(file).size);
      const text = readFrom(file, from);
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      positions.set(name, from + Buffer.byteLength(whole));
      return linesOf(name, whole);
    });
    show(fresh, filter, Infinity);
  }
}

function show(lines: readonly Line[], filter: LogFilter, count: number): void {
  const shown = lines.filter((line) => matches(line, filter)).sort((a, b) => a.at - b.at);
  for (const line of shown.slice(-Math.min(count, shown.length) || shown.length))
    process.stdout.write(`${pretty(line)}\n`);
}

function linesOf(name: string, text: string): readonly Line[] {
  let previous = 0;
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const read = toLine(name.replace(/\.log$/, ''), line, previous);
      previous = read.at;
      return read;
    });
}

function readFrom(file: string, from: number): string {
  const buffer = Buffer.alloc(statSync(file).size - from);
  const descriptor = openSync(file, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, from));
  } finally {
    closeSync(descriptor);
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** Also pino's numbers: 10 is trace, 60 is fatal. A line that is not ours says what went wrong, so it counts as info. */
function levelOf(fields: Line['fields']): string {
  const level = fields?.['level'];
  if (typeof level === 'number') return ranks[level / 10 - 1] ?? 'info';
  return typeof level === 'string' && ranks.includes(level) ? level : 'info';
}
