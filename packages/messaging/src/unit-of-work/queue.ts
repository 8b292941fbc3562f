import type { Command, Run } from '../work.js';
import { keyText } from './overlay.js';

export type Outcome = { readonly reply: unknown; readonly replayed: boolean } | { readonly error: unknown };

export interface Job {
  readonly command: Command;
  readonly run: Run<unknown>;
  /** Everything the command is known to touch; two jobs with a key in common never run on two connections at once. */
  readonly keys: readonly string[];
  settle(outcome: Outcome): void;
}

export interface JobQueue {
  readonly length: number;
  add(job: Job): void;
  /** Up to `most` jobs in order of arrival whose keys no batch in flight holds; a job that waits makes later ones of its keys wait. */
  take(most: number): readonly Job[];
  /** Gives the keys of a finished batch free. */
  release(jobs: readonly Job[]): void;
  /** Empties the queue. */
  clear(): readonly Job[];
}

export function keysOf({ announced = [], idempotency }: Command): readonly string[] {
  const keys = announced.map(({ table, key }) => `${table.name}\u0000${keyText(Object.keys(key), key)}`);
  return idempotency === undefined ? keys : [...keys, idempotencyText(idempotency)];
}

export const idempotencyText = (of: {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
}): string => `\u0000${of.principal}\u0000${of.route}\u0000${of.key}`;

export function createJobQueue(): JobQueue {
  let waiting: Job[] = [];
  const held = new Set<string>();

  return {
    get length() {
      return waiting.length;
    },
    add: (job) => void waiting.push(job),
    take(most) {
      if (held.size === 0 && waiting.length <= most) {
        const all = waiting;
        waiting = [];
        for (const job of all) for (const key of job.keys) held.add(key);
        return all;
      }
      const taken: Job[] = [];
      const left: Job[] = [];
      const passed = new Set<string>();
      for (const job of waiting) {
        if (taken.length < most && !job.keys.some((key) => held.has(key) || passed.has(key))) taken.push(job);
        else {
          left.push(job);
          for (const key of job.keys) passed.add(key);
        }
      }
      waiting = left;
      for (const job of taken) for (const key of job.keys) held.add(key);
      return taken;
    },
    release(jobs) {
      for (const job of jobs) for (const key of job.keys) held.delete(key);
    },
    clear() {
      const all = waiting;
      waiting = [];
      return all;
    },
  };
}
