import type { operations } from '../generated/identity.js';
import type { DataOf } from '../http/calls.js';
import { isProblem } from '../http/problem.js';
import { createSend, sendRules, type Authorization, type SendRules } from '../http/send.js';
import { createListeners } from '../listeners.js';
import type { Ports } from '../ports.js';
import type { Credentials, Session, SessionState, User } from './session.js';
import { accessTokenOf, bearerOf, type AccessToken } from './tokens.js';

export interface TokenSource {
  /** A token that is good for at least `leftMs` more, and is not `refused`; undefined when nobody is signed in. */
  token(wanted?: { readonly leftMs?: number; readonly refused?: string }): Promise<AccessToken | undefined>;
  /** Called with every new token, and with undefined when nobody is signed in any more. */
  onToken(listener: (token: AccessToken | undefined) => void): () => void;
}

export interface SessionParts {
  /** Where identity is. */
  readonly identity: string;
  readonly kind: 'cookie' | 'memory';
  readonly ports: Ports;
}

type Granted = NonNullable<DataOf<operations['postV1SessionsRefresh']>>;

/**
 * Within 10 s a refresh token that was used gives the same successor again, later it ends the session: so a refresh whose
 * answer was lost is repeated soon or not at all.
 */
const refreshRules: SendRules = {
  ...sendRules,
  attempts: 3,
  attemptMs: 4_000,
  patienceMs: 5_000,
  longestWaitMs: 1_000,
};

/** Less than this is as good as nothing: it may run out on the way. */
const LEAST_LEFT_MS = 5_000;

export function createSession({
  identity,
  kind,
  ports,
}: SessionParts): Session & TokenSource & Disposable & { readonly authorization: Authorization } {
  const { time, tabs } = ports;
  const listeners = createListeners<void>();
  const tokenListeners = createListeners<AccessToken | undefined>();
  const cookie = kind === 'cookie';
  const credentials = cookie ? 'include' : 'omit';
  const send = createSend({ ...ports, credentials });
  const sendRefresh = createSend({ ...ports, credentials, rules: refreshRules });

  let state: SessionState = cookie ? { status: 'unknown' } : { status: 'signed-out', ended: false };
  let access: AccessToken | undefined;
  let refreshToken: string | undefined;
  let renewing: Promise<AccessToken | undefined> | undefined;
  /** Counts sign-ins and sign-outs: what was asked for before one means nothing after it. */
  let era = 0;

  const become = (next: SessionState, token: AccessToken | undefined): void => {
    const changed = JSON.stringify(next) !== JSON.stringify(state);
    access = token;
    if (changed) state = next;
    tokenListeners.tell(token);
    if (changed) listeners.tell();
  };
  const leave = (ended: boolean): void => {
    era += 1;
    refreshToken = undefined;
    become({ status: 'signed-out', ended }, undefined);
  };

  const ask = async (method: string, path: string, body?: object, token?: AccessToken): Promise<Response> => {
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token.value}` }),
    };
    const request = new Request(`${identity}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const refreshing = path === '/v1/sessions/refresh';
    return (refreshing ? sendRefresh : send)(request, { repeatable: refreshing || method !== 'POST' });
  };
  const userOf = async (token: AccessToken): Promise<User> =>
    (await (await ask('GET', '/v1/users/me', undefined, token)).json()) as User;

  /** Takes up what was granted, with whose it is. */
  const accept = async (response: Response, askedMs: number): Promise<AccessToken> => {
    const granted = (await response.json()) as Granted;
    const token = accessTokenOf(granted, askedMs, time);
    const asked = era;
    const same = state.status === 'signed-in' && access !== undefined && bearerOf(access) === bearerOf(token);
    const user = same && state.status === 'signed-in' ? state.user : await userOf(token);
    if (asked !== era) return token;
    refreshToken = granted.refreshToken;
    become({ status: 'signed-in', user }, token);
    return token;
  };

  const refresh = async (): Promise<AccessToken | undefined> => {
    if (!cookie && refreshToken === undefined) return undefined;
    const asked = era;
    const askedMs = time.monotonicMs();
    try {
      const response = await ask('POST', '/v1/sessions/refresh', cookie ? { cookie } : { refreshToken });
      if (asked !== era) return access;
      if (response.status !== 204) return await accept(response, askedMs);
    } catch (error) {
      if (!isProblem(error, 'unauthenticated')) throw error;
    }
    if (asked === era) leave(state.status === 'signed-in');
    return access;
  };
  const renew = (): Promise<AccessToken | undefined> =>
    (renewing ??= (cookie ? tabs.alone('session', refresh) : refresh()).finally(() => (renewing = undefined)));

  const token: TokenSource['token'] = async ({ leftMs = LEAST_LEFT_MS, refused } = {}) => {
    if (state.status === 'signed-out') return undefined;
    if (access !== undefined && access.value !== refused && access.leftMs() >= leftMs) return access;
    return renew();
  };

  const signIn = async ({ login, password }: Credentials): Promise<User> => {
    const askedMs = time.monotonicMs();
    const response = await ask('POST', '/v1/sessions', { login, password, ...(cookie && { cookie }) });
    era += 1;
    access = undefined;
    await accept(response, askedMs);
    if (cookie) tabs.tell('signed in');
    if (state.status !== 'signed-in') throw new Error('signed out meanwhile');
    return state.user;
  };

  /** What other tabs have done to the cookie that is theirs and ours. */
  const told = tabs.onTold((message) => {
    if (message === 'signed out' && state.status !== 'signed-out') leave(true);
    if (message === 'signed in') {
      era += 1;
      void renew().catch(() => undefined);
    }
  });

  const signOut = async (path: string): Promise<void> => {
    const leaving = access;
    const request = path === '/v1/sessions' ? await token() : leaving;
    if (path === '/v1/sessions') {
      await ask('DELETE', path, undefined, request);
      leave(false);
    } else {
      leave(false);
      await ask('DELETE', path, undefined, request).catch((error: unknown) => {
        if (!isProblem(error, 'unauthenticated')) throw error;
      });
    }
    if (cookie) tabs.tell('signed out');
  };

  return {
    get state() {
      return state;
    },
    onChange: (listener) => listeners.add(listener),
    onToken: (listener) => tokenListeners.add(listener),
    token,
    async restore() {
      if (state.status === 'unknown') await renew();
      return state;
    },
    signIn,
    async register({ login, password, name }) {
      await ask('POST', '/v1/users', { login, password, ...(name !== undefined && { name }) });
      return signIn({ login, password });
    },
    signOut: () => signOut('/v1/sessions/current'),
    signOutEverywhere: () => signOut('/v1/sessions'),
    authorization: {
      async headers() {
        const current = await token();
        return current === undefined ? {} : { authorization: `Bearer ${current.value}` };
      },
      async renew({ authorization }) {
        const before = access && bearerOf(access);
        const next = await token({ refused: authorization?.replace('Bearer ', '') ?? '' });
        return next !== undefined && bearerOf(next) === before;
      },
    },
    [Symbol.dispose]() {
      told[Symbol.dispose]();
      access = undefined;
      refreshToken = undefined;
    },
  };
}
