import type { Timers } from '@g-store/runtime';

const EVERY_MS = 1_000;

export interface LookingOptions<T> {
  readonly look: () => Promise<T>;
  /** Told what each look found; not any more once disposed. */
  readonly see: (found: T) => void;
  /** Of a look that failed: what was seen before holds. */
  readonly failed: (error: unknown) => void;
  readonly timers: Timers;
}

/** Looks at once and again every second: how a process hears what another one was told, where both see one database. */
export function startLooking<T>({ look, see, failed, timers }: LookingOptions<T>): Disposable {
  let stopped = false;
  let next: Disposable | undefined;
  const turn = async (): Promise<void> => {
    try {
      const found = await look();
      if (!stopped) see(found);
    } catch (error) {
      failed(error);
    }
    if (!stopped) next = timers.after(EVERY_MS, () => void turn());
  };
  void turn();
  return {
    [Symbol.dispose]() {
      stopped = true;
      next?.[Symbol.dispose]();
    },
  };
}
