/** What `make start` says while it works: one line for each step that is done, with how long it took. */
export interface Progress {
  step<T>(what: string, run: () => Promise<T>, tell?: (result: T) => string): Promise<T>;
  note(text: string): void;
}

export function createProgress(write: (text: string) => void): Progress {
  return {
    async step(what, run, tell) {
      const began = performance.now();
      const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`.padStart(8);
      try {
        const result = await run();
        write(`  ✓ ${what.padEnd(24)}${seconds()}  ${tell?.(result) ?? ''}`.trimEnd() + '\n');
        return result;
      } catch (error) {
        write(`  ✗ ${what.padEnd(24)}${seconds()}\n`);
        throw error;
      }
    },
    note: (text) => write(`  · ${text}\n`),
  };
}
