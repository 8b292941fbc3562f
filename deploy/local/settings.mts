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

/** Of the page, the gateway and the services: what browsers and `fetch` have to reach. */
const httpPorts = [3000, 8000, 8080, 8081, 8082, 8083, 8084, 8085, 8086];
/** Neither a browser nor `fetch` asks these, whoever listens: the Fetch standard's bad ports, as far as an offset leads there. */
const badPorts = [4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080];

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
  const bad = badPorts.find((port) => httpPorts.includes(port - portOffset));
  if (bad !== undefined) {
    throw new StackRefused(`PORT_OFFSET=${portOffset}: no browser asks port ${bad}; write another, such as 5000`);
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
