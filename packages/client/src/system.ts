import type { Network, Ports, Tabs, Time } from './ports.js';

/** The real world, of a page or of a program: whatever of it there is not, nothing is heard from. */
export const systemPorts = (): Ports => ({
  fetch: (request) => fetch(request),
  openSocket,
  time,
  random: () => Math.random(),
  network: 'document' in globalThis ? pageNetwork : steadyNetwork,
  tabs: 'document' in globalThis ? createPageTabs() : noOtherTabs,
  report,
});

/** As the platform reports what nobody caught. */
function report(fault: unknown): void {
  if ('reportError' in globalThis) return reportError(fault);
  queueMicrotask(() => {
    throw fault;
  });
}

const openSocket: Ports['openSocket'] = (url, protocols, events) => {
  const socket = new WebSocket(url, [...protocols]);
  socket.onopen = () => events.opened();
  socket.onmessage = ({ data }) => events.heard(data);
  socket.onclose = ({ code, reason }) => events.closed(code, reason);
  return socket;
};

const time: Time = {
  monotonicMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const steadyNetwork: Network = { online: true, onBack: () => () => undefined };

const pageNetwork: Network = {
  get online() {
    return navigator.onLine;
  },
  onBack(listener) {
    const seen = (): void => {
      if (document.visibilityState === 'visible') listener();
    };
    addEventListener('online', listener);
    // Shown again out of the browser's memory, where its socket did not survive.
    addEventListener('pageshow', listener);
    document.addEventListener('visibilitychange', seen);
    return () => {
      removeEventListener('online', listener);
      removeEventListener('pageshow', listener);
      document.removeEventListener('visibilitychange', seen);
    };
  },
};

const noOtherTabs: Tabs = {
  alone: (_name, run) => run(),
  tell: () => undefined,
  onTold: () => () => undefined,
};

/** A tab that has gone to sleep may hold a lock for ever: after this long it is passed by. */
const LONGEST_LOCK_MS = 5_000;

function createPageTabs(): Tabs {
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('gstore') : undefined;
  return {
    // Without a secure context there are no locks; the shop itself bears two refreshes within 10 s.
    async alone(name, run) {
      if (!('locks' in navigator)) return run();
      let ran = false;
      const signal = AbortSignal.timeout(LONGEST_LOCK_MS);
      try {
        return await navigator.locks.request(`gstore ${name}`, { signal }, () => {
          ran = true;
          return run();
        });
      } catch (error) {
        if (ran) throw error;
        return run();
      }
    },
    tell: (message) => channel?.postMessage(message),
    onTold(listener) {
      const heard = ({ data }: MessageEvent): void => listener(String(data));
      channel?.addEventListener('message', heard);
      return () => channel?.removeEventListener('message', heard);
    },
  };
}
