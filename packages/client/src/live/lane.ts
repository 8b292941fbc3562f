import { createGuard } from '../listeners.js';
import type { Cancel, Ports } from '../ports.js';
import type { TokenSource } from '../session/create-session.js';
import { marginMs, subjectOf, type AccessToken } from '../session/tokens.js';
import { comebackAfter } from './comeback.js';
import { openConnection, type Connection, type End } from './connection.js';
import type { Frame, Subscribe } from './frames.js';
import type { LiveState, Target, Watcher } from './live.js';
import { createWatches } from './watches.js';

export interface LaneParts {
  readonly url: string;
  readonly tokens: TokenSource;
  readonly ports: Ports;
  readonly onChange: (state: LiveState) => void;
}

/** One websocket at a time, kept open for as long as somebody watches by it. */
export interface Lane {
  watch(target: Target, watcher: Watcher): Cancel;
  reconnect(): void;
  close(): void;
}

/** After so many attempts that came to nothing it is better to ask by HTTP for now. */
const POLLING_AFTER = 3;
/** A page that goes from one screen to the next stops watching for a moment. */
const LINGER_MS = 1_000;
/** What a browser says of the network is not always so: offline it is tried this seldom, and at once when it is back. */
const OFFLINE_MS = 30_000;

export function createLane({ url, tokens, ports, onChange }: LaneParts): Lane {
  const { time, network, random } = ports;
  const watches = createWatches(createGuard(ports));
  let connection: Connection | undefined;
  let token: AccessToken | undefined;
  let refusedToken: string | undefined;
  let connecting = false;
  /** Counts attempts and ends: what was begun in an earlier one means nothing any more. */
  let era = 0;
  let failures = 0;
  let everLive = false;
  /** New changes since the connection was opened, until everything that was missed has come. */
  let catchingUp: number | undefined;
  let cancelRetry: Cancel | undefined;
  let cancelRenewal: Cancel | undefined;
  let cancelLeave: Cancel | undefined;

  const stop = (): void => {
    era += 1;
    connecting = false;
    connection?.close();
    connection = undefined;
    for (const cancel of [cancelRetry, cancelRenewal, cancelLeave]) cancel?.();
    cancelRetry = cancelRenewal = cancelLeave = undefined;
    watches.lost();
  };
  const away = (): LiveState => {
    if (failures >= POLLING_AFTER) return { status: 'polling' };
    return { status: everLive ? 'reconnecting' : 'connecting' };
  };
  /** Nothing of before is for whoever comes next. */
  const startOver = (): void => {
    stop();
    watches.forget();
    [failures, everLive, token, refusedToken] = [0, false, undefined, undefined];
  };
  const signedOut = (): void => {
    startOver();
    onChange({ status: watches.size === 0 ? 'idle' : 'signed-out' });
  };

  const comeBack = (end: End): void => {
    const { waitMs, tokenRefused } = comebackAfter(end, failures, random);
    stop();
    failures += 1;
    if (tokenRefused) refusedToken = token?.value;
    onChange(away());
    cancelRetry = time.after(network.online ? waitMs : Math.max(waitMs, OFFLINE_MS), () => void connect());
  };

  const connect = async (): Promise<void> => {
    if (connecting || connection !== undefined || watches.size === 0) return;
    cancelRetry?.();
    cancelRetry = undefined;
    connecting = true;
    const started = (era += 1);
    onChange(away());
    try {
      const wanted = { fresh: true, ...(refusedToken !== undefined && { refused: refusedToken }) };
      const next = await tokens.token(wanted);
      if (started !== era) return;
      if (next === undefined) return signedOut();
      open(next);
    } catch (error) {
      if (started === era) comeBack({ why: 'refused', code: 1006, reason: String(error) });
    }
  };
  const open = (next: AccessToken): void => {
    if (token !== undefined && subjectOf(token) !== subjectOf(next)) startOver();
    connecting = false;
    token = next;
    refusedToken = undefined;
    connection = openConnection({ url, token: next.value, ports }, { opened, heard, ended: comeBack });
  };
  const opened = (): void => {
    catchingUp = 0;
    for (const message of watches.subscriptions()) ask(message);
    // Its answer comes after everything that was missed.
    connection?.say({ type: 'ping' });
    renewInTime();
  };
  const ask = (message: Subscribe): void => {
    // Before it is open nothing is asked; then everything is.
    if (connection?.open !== true) return;
    watches.asked(message);
    connection.say(message);
  };
  /** The socket ends with its token: with the next one, which `onToken` hands over, it lives on. */
  const renewInTime = (): void => {
    const old = token;
    if (old === undefined) return;
    cancelRenewal?.();
    cancelRenewal = time.after(Math.max(0, old.leftMs() - marginMs(old)), () => {
      void tokens.token({ refused: old.value }).catch(() => undefined);
    });
  };

  const heard = (frame: Frame): void => {
    switch (frame.type) {
      case 'change':
        if (watches.deliver(frame.change, frame.position) && catchingUp !== undefined) catchingUp += 1;
        return;
      case 'subscribed':
        return watches.confirmed(frame.name, frame.recovered, frame.position);
      case 'pong':
        return caughtUp();
      case 'error':
        return refused(frame);
      case 'other':
    }
  };
  const caughtUp = (): void => {
    if (catchingUp === undefined) return;
    const missed = everLive ? catchingUp : undefined;
    [catchingUp, failures, everLive] = [undefined, 0, true];
    onChange({ status: 'live', caughtUp: missed });
  };
  const refused = ({ code, message, orderId }: Extract<Frame, { type: 'error' }>): void => {
    if (code === 'unauthenticated') return comeBack({ why: 'closed', code: 4401, reason: message });
    if (code === 'unavailable' && orderId !== undefined) return askAgain(orderId);
    // Only one kind of target can be forbidden, and the shop does not name it.
    const name = orderId ?? (code === 'forbidden' ? 'all' : undefined);
    if (name !== undefined) watches.refused(name, { code, message });
  };
  /** The shop could not tell how the order is, and has stopped watching it. */
  const askAgain = (orderId: string): void => {
    const target = watches.dropped(orderId);
    const dropped = era;
    if (target === undefined) return;
    time.after(1_000 + random() * 4_000, () => {
      if (dropped === era && watches.has(target)) ask({ type: 'subscribe', ...target });
    });
  };

  const stopHearing = tokens.onToken((next) => {
    if (next === undefined) return signedOut();
    if (connection === undefined) return void connect();
    if (token === undefined || subjectOf(next) !== subjectOf(token)) {
      startOver();
      return void connect();
    }
    token = next;
    connection.say({ type: 'authenticate', token: next.value }, { urgent: true });
    renewInTime();
  });
  const reconnect = (): void => (connection === undefined ? void connect() : connection.probe());
  const stopComingBack = network.onBack(reconnect);

  const unwatch = (target: Target, watcher: Watcher): void => {
    if (!watches.remove(target, watcher)) return;
    connection?.say({ type: 'unsubscribe', ...target });
    if (watches.size > 0) return;
    cancelLeave?.();
    cancelLeave = time.after(LINGER_MS, () => {
      stop();
      onChange({ status: 'idle' });
    });
  };

  return {
    watch(target, watcher) {
      cancelLeave?.();
      // One of its own for each call, so that the same watcher may watch twice and stop once.
      const own: Watcher = {
        change: (change) => watcher.change(change),
        ready: (info) => watcher.ready?.(info),
        refused: (refusal) => watcher.refused?.(refusal),
      };
      if (watches.add(target, own)) {
        if (connection !== undefined) ask({ type: 'subscribe', ...target });
        else if (cancelRetry === undefined) void connect();
      }
      return () => unwatch(target, own);
    },
    reconnect,
    close() {
      stop();
      stopHearing();
      stopComingBack();
    },
  };
}
