import type { Ports } from './ports.js';

/** Runs what belongs to a caller: what it throws is reported, and what goes on here goes on. */
export type Guard = (run: () => void) => void;

export const createGuard =
  ({ report }: Pick<Ports, 'report'>): Guard =>
  (run) => {
    try {
      run();
    } catch (fault) {
      report(fault);
    }
  };

/** Those who want to be told. */
export interface Listeners<T> {
  add(listener: (told: T) => void): () => void;
  tell(told: T): void;
}

export function createListeners<T>(guard: Guard): Listeners<T> {
  const all = new Set<{ readonly hear: (told: T) => void }>();
  return {
    add(hear) {
      const one = { hear };
      all.add(one);
      return () => void all.delete(one);
    },
    tell(told) {
      for (const { hear } of [...all]) guard(() => hear(told));
    },
  };
}
