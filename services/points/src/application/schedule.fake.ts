import type { Claim, Schedule } from './schedule.js';

type Entry = Omit<Claim, 'attempts'> & { attempts: number; dueAt: Date };

export interface FakeSchedule extends Schedule {
  readonly entries: ReadonlyMap<string, Entry>;
  add(claim: Claim, dueAt: Date): void;
  /** What the database's row of the upload says, which a claim reads. */
  change(number: string, change: Partial<Claim>): void;
}

/** The schedule in memory, shared by as many workers as like. */
export function fakeSchedule(): FakeSchedule {
  const entries = new Map<string, Entry>();
  let paused: Date | undefined;
  return {
    entries,
    add: (claim, dueAt) => void entries.set(claim.number, { ...claim, dueAt }),
    change: (number, change) => void Object.assign(entries.get(number) ?? {}, change),
    claim: async (now, limit, leaseUntil) => {
      if (paused !== undefined && now < paused) return [];
      const due = [...entries.values()].filter(({ dueAt }) => dueAt <= now);
      const claimed = due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()).slice(0, limit);
      for (const entry of claimed) entry.dueAt = leaseUntil;
      return claimed.map(({ dueAt: _, ...claim }) => claim);
    },
    postpone: async (orders) => {
      for (const { number, dueAt, attempts } of orders) Object.assign(entries.get(number) ?? {}, { dueAt, attempts });
    },
    finish: async (numbers) => numbers.forEach((number) => entries.delete(number)),
    pause: async (until) => void (paused = paused !== undefined && paused > until ? paused : until),
    pausedUntil: async () => paused,
  };
}
