export interface PartState {
  readonly ok: boolean;
  readonly detail?: string;
}

export interface Health {
  /** The newest word of a part about itself. */
  report(part: string, state: PartState): void;
  /** Ready while every part that ever reported is well and `drain` was not called. */
  readiness(): { readonly ready: boolean; readonly parts: Readonly<Record<string, PartState>> };
  /** Red for good: no more work is wanted, the process is about to stop. */
  drain(): void;
}

export function createHealth(): Health {
  const stateByPart = new Map<string, PartState>();
  let draining = false;
  return {
    report(part, state) {
      stateByPart.set(part, state);
    },
    readiness() {
      const parts = Object.fromEntries(stateByPart);
      if (draining) return { ready: false, parts: { ...parts, process: { ok: false, detail: 'stopping' } } };
      return { ready: Object.values(parts).every(({ ok }) => ok), parts };
    },
    drain() {
      draining = true;
    },
  };
}
