import { AsyncLocalStorage } from 'node:async_hooks';

/** What is being worked on: goes into every log line written meanwhile. */
export interface Context {
  readonly requestId?: string;
  readonly traceId?: string;
  readonly orderId?: string;
}

const storage = new AsyncLocalStorage<Context>();

/** Runs with these fields added to those of the context around it. */
export const withContext = <Result>(context: Context, run: () => Result): Result =>
  storage.run({ ...storage.getStore(), ...context }, run);

/** The context of the present call chain, undefined outside of any. */
export const currentContext = (): Context | undefined => storage.getStore();
