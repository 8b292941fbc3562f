export interface EventuallyOptions {
  /** Milliseconds; after that the last failure is thrown. */
  readonly within?: number;
  /** Milliseconds between two looks. */
  readonly every?: number;
}

/** Looks again and again until `check` neither throws nor answers `false`, and returns what it answered. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, false>> {
  const { within = 5_000, every = 15 } = options;
  const until = performance.now() + within;
  for (;;) {
    const last = await attempt(check);
    if (last.passed) return last.value;
    if (performance.now() > until) throw last.failure;
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

type Attempt<T> =
  { readonly passed: true; readonly value: Exclude<T, false> } | { readonly passed: false; readonly failure: unknown };

async function attempt<T>(check: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    const value = await check();
    if (value === false) return { passed: false, failure: new Error(`never came true: ${check}`) };
    return { passed: true, value: value as Exclude<T, false> };
  } catch (failure) {
    return { passed: false, failure };
  }
}
