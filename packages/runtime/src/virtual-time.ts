import { sleepBy, type Clock, type Timers } from './system.js';

/** Time that stands still until it is moved by hand: for tests and simulations. */
export interface VirtualTime extends Clock, Timers {
  readonly clock: Clock;
  readonly timers: Timers;
  /**
   * Moves time on, firing every timer due on the way at its own moment, those set meanwhile included. Between
   * two timers promises get their turn, so that a loop of sleeps runs as it would in real time.
   */
  advance(ms: number): Promise<void>;
  /** Timers that wait. */
  pending(): number;
  /** Milliseconds until the next timer, undefined when none waits. */
  untilNext(): number | undefined;
}

interface Waiting {
  readonly at: number;
  readonly run: () => void;
}

export function createVirtualTime(start: Date = new Date('2030-01-01T00:00:00Z')): VirtualTime {
  let elapsed = 0;
  const waiting = new Set<Waiting>();

  const clock: Clock = { now: () => new Date(start.getTime() + elapsed), monotonicMs: () => elapsed };
  const after: Timers['after'] = (ms, run) => {
    const timer = { at: elapsed + Math.max(0, ms), run };
    waiting.add(timer);
    return { [Symbol.dispose]: () => void waiting.delete(timer) };
  };
  const timers: Timers = { after, sleep: sleepBy(after) };

  const next = (): Waiting | undefined => {
    let earliest: Waiting | undefined;
    for (const timer of waiting) if (earliest === undefined || timer.at < earliest.at) earliest = timer; // first set, first run
    return earliest;
  };

  return {
    ...clock,
    ...timers,
    clock,
    timers,
    async advance(ms) {
      const end = elapsed + ms;
      await settle();
      for (let timer = next(); timer !== undefined && timer.at <= end; timer = next()) {
        elapsed = Math.max(elapsed, timer.at);
        waiting.delete(timer);
        timer.run();
        await settle();
      }
      elapsed = Math.max(elapsed, end);
    },
    pending: () => waiting.size,
    untilNext: () => {
      const timer = next();
      return timer && timer.at - elapsed;
    },
  };
}

/** Every promise that can go on without the outside world has gone on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
