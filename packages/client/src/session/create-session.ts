import type { operations } from '../generated/identity.js';
import type { DataOf } from '../http/calls.js';
import { isProblem } from '../http/problem.js';
import { createSend, sendRules, type Authorization, type SendRules } from '../http/send.js';
import { createGuard, createListeners } from '../listeners.js';
import type { Ports } from '../ports.js';
import type { Credentials, Session, SessionState, User } from './session.js';
import { accessTokenOf, isOfSame, leastLeftMs, marginMs, subjectOf, type AccessToken } from './tokens.js';

export interface TokenSource {
  /**
   * A token that will do for a request; `fresh`: that will do for a while; and is not `refused`. Undefined when nobody is
   * signed in. @throws ShopUnreachable
   */
  token(wanted?: { readonly fresh?: boolean; readonly refused?: string }): Promise<AccessToken | undefined>;
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

export interface OpenSession extends Session, TokenSource {
  readonly authorization: Authorization;
  /** Forgets the tokens; does not sign out. */
  close(): void;
}

export function createSession({ identity, kind, ports }: SessionParts): OpenSession {
  const { time, tabs } = ports;
  const guard = createGuard(ports);
  const listeners = createListeners<void>(guard);
  const tokenListeners = createListeners<AccessToken | undefined>(guard);
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

  const requestOf = (method: string, path: string, body?: object, token?: AccessToken): Request =>
    new Request(`${identity}${path}`, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token.value}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  const once = { repeatable: false };
  const untilAnswered = { repeatable: true };

  /** Takes up what was granted; with another person's token, or with other roles, only together with who that is. */
  const accept = async (response: Response, askedMs: number): Promise<void> => {
    const started = era;
    const granted = (await response.json()) as Granted;
    const token = accessTokenOf(granted, askedMs, time);
    // Kept at once: the one before is used up, whatever becomes of the rest.
    refreshToken = granted.refreshToken;
    const known = state.status === 'signed-in' && access !== undefined && isOfSame(access, token);
    if (known) return become(state, token);
    const me = await send(requestOf('GET', '/v1/users/me', undefined, token), untilAnswered);
    const user = (await me.json()) as User;
    if (started === era) become({ status: 'signed-in', user }, token);
  };

  const refresh = async (): Promise<AccessToken | undefined> => {
    if (!cookie && refreshToken === undefined) return access;
    const started = era;
    const askedMs = time.monotonicMs();
    try {
      const body = cookie ? { cookie } : { refreshToken };
      const response = await sendRefresh(requestOf('POST', '/v1/sessions/refresh', body), untilAnswered);
      if (started !== era) return access;
      if (response.status === 204) leave(state.status === 'signed-in');
      else await accept(response, askedMs);
    } catch (error) {
      // Over, or for a page that may not have it: either way nobody is signed in here any more.
      if (!isProblem(error, 'unauthenticated', 'forbidden')) throw error;
      if (started === era) leave(state.status === 'signed-in');
    }
    return access;
  };
  /** Once at a time, in all tabs together: each refresh uses up the token of the one before. */
  const renew = (): Promise<AccessToken | undefined> =>
    (renewing ??= (cookie ? tabs.alone('session', refresh) : refresh()).finally(() => (renewing = undefined)));

  const token: TokenSource['token'] = async ({ fresh = false, refused } = {}) => {
    if (state.status === 'signed-out') return undefined;
    if (access === undefined || access.value === refused) return renew();
    return access.leftMs() < (fresh ? marginMs(access) : leastLeftMs(access)) ? renew() : access;
  };

  const signIn = async ({ login, password }: Credentials): Promise<User> => {
    const askedMs = time.monotonicMs();
    const body = { login, password, ...(cookie && { cookie }) };
    const response = await send(requestOf('POST', '/v1/sessions', body), once);
    era += 1;
    await accept(response, askedMs);
    if (state.status !== 'signed-in') throw new DOMException('signed out meanwhile', 'AbortError');
    if (cookie) tabs.tell('signed in');
    return state.user;
  };

  const signOut = async (): Promise<void> => {
    const leaving = access;
    leave(false);
    try {
      await send(requestOf('DELETE', '/v1/sessions/current', undefined, leaving), untilAnswered);
    } catch (error) {
      // With an expired token the cookie alone will do.
      if (!isProblem(error, 'unauthenticated')) throw error;
      if (cookie && leaving) await send(requestOf('DELETE', '/v1/sessions/current'), untilAnswered).catch(unlessGone);
    }
    if (cookie) tabs.tell('signed out');
  };

  const signOutEverywhere = async (): Promise<void> => {
    const own = createSend({ ...ports, credentials, authorization });
    await own(requestOf('DELETE', '/v1/sessions'), untilAnswered).catch(unlessGone);
    leave(false);
    if (cookie) tabs.tell('signed out');
  };

  const authorization: Authorization = {
    async headers() {
      const current = await token();
      return current === undefined ? {} : { authorization: `Bearer ${current.value}` };
    },
    async renew({ authorization: refused }) {
      const before = access;
      if (refused === undefined || before === undefined) return false;
      const next = await token({ refused: refused.replace('Bearer ', '') });
      // What one person asked for is not to be done for the next.
      return next !== undefined && subjectOf(next) === subjectOf(before);
    },
  };

  const takeUp = async (): Promise<void> => {
    era += 1;
    await renewing?.catch(() => undefined);
    await renew().catch(() => undefined);
  };
  /** What other tabs have done to the cookie, which is theirs and ours. */
  const stopHearing = tabs.onTold((message) => {
    if (!cookie) return;
    if (message === 'signed out' && state.status === 'signed-in') leave(true);
    if (message === 'signed in') void takeUp();
  });

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
      const person = { login, password, ...(name !== undefined && { name }) };
      await send(requestOf('POST', '/v1/users', person), once);
      return signIn({ login, password });
    },
    signOut,
    signOutEverywhere,
    authorization,
    close() {
      stopHearing();
      access = refreshToken = undefined;
    },
  };
}

/** The session that was to be ended is not there any more. */
const unlessGone = (error: unknown): void => {
  if (!isProblem(error, 'unauthenticated')) throw error;
};
