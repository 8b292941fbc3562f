import { join, resolve } from 'node:path';
import { StackRefused } from './stack-refused.mts';

/** One stack: its name, its folder, its ports. Two stacks with other names and offsets share nothing but the downloads. */
export interface Stack {
  readonly name: string;
  /** The checkout. */
  readonly root: string;
  /** Everything of this stack: data, secrets, logs, pid files. */
  readonly home: string;
  readonly portOffset: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What all stacks share beside their folders: Kafka's jars, PostgreSQL's client, backups. `docker` is the stack in containers. */
const taken: readonly string[] = ['kafka', 'postgres-client', 'backups', 'docker'];

const highestPort = 19_093;

/** @throws StackRefused naming the variable and what to write */
export function readStack(env: Readonly<Record<string, string | undefined>>, root = checkout): Stack {
  const name = env['STACK'] || 'main';
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name) || taken.includes(name)) {
    const others = taken.join(', ');
    throw new StackRefused(`STACK=${name}: write a short name of small letters, digits and dashes, none of ${others}`);
  }
  const portOffset = integer(env, 'PORT_OFFSET', 0);
  if (portOffset + highestPort > 65_535) {
    throw new StackRefused(`PORT_OFFSET=${portOffset}: write at most ${65_535 - highestPort}`);
  }
  return { name, root, home: join(root, '.local', name), portOffset, env };
}

/** A whole number ≥ 0 from the environment. @throws StackRefused */
export function integer(env: Stack['env'], variable: string, otherwise: number): number {
  const text = env[variable] || String(otherwise);
  if (!/^\d{1,5}$/.test(text))
    throw new StackRefused(`${variable}=${text}: write a whole number, such as ${otherwise}`);
  return Number(text);
}

export function onOff(env: Stack['env'], variable: string, otherwise: boolean): boolean {
  const text = env[variable] || (otherwise ? 'on' : 'off');
  if (text !== 'on' && text !== 'off') throw new StackRefused(`${variable}=${text}: write on or off`);
  return text === 'on';
}

const checkout = resolve(import.meta.dirname, '..', '..');
