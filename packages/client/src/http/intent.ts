/** One thing that somebody wants done once, however often it is sent: a form keeps one from its first click to its answer. */
export interface Intent {
  /** The Idempotency-Key: the same while the same thing is asked for and no answer has come, else a new one. */
  keyFor(request: string): string;
  /** The shop has answered; what is sent next is something new. */
  answered(request: string): void;
}

export function createIntent(newKey: () => string = () => crypto.randomUUID()): Intent {
  let pending: { readonly request: string; readonly key: string } | undefined;
  return {
    keyFor(request) {
      if (pending?.request !== request) pending = { request, key: newKey() };
      return pending.key;
    },
    answered(request) {
      if (pending?.request === request) pending = undefined;
    },
  };
}
