import type { Ports } from '../ports.js';
import type { TokenSource } from '../session/create-session.js';
import type { Live, LiveState } from './live.js';

export interface LiveParts {
  readonly url: string;
  readonly tokens: TokenSource;
  readonly ports: Ports;
}

export function createLive(_parts: LiveParts): Live & Disposable {
  const state: LiveState = { status: 'polling' };
  return {
    state,
    onChange: () => () => undefined,
    watch: () => () => undefined,
    reconnect: () => undefined,
    [Symbol.dispose]: () => undefined,
  };
}
