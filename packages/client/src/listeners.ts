/** Those who want to be told. One that throws keeps nobody else from hearing, and its fault is reported as any other. */
export interface Listeners<T> {
  add(listener: (told: T) => void): () => void;
  tell(told: T): void;
}

export function createListeners<T>(): Listeners<T> {
  const all = new Set<{ readonly hear: (told: T) => void }>();
  return {
    add(hear) {
      const one = { hear };
      all.add(one);
      return () => void all.delete(one);
    },
    tell(told) {
      for (const { hear } of [...all]) guarded(() => hear(told));
    },
  };
}

/** What a caller's own code throws is theirs: it becomes an unhandled error, and what goes on here goes on. */
export function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    void Promise.reject(error);
  }
}
