import type { Ports } from '../ports.js';
import { readFrame, type Frame, type Message } from './frames.js';
import { createPace } from './pace.js';

/** One websocket, from the attempt to open it to its end. */
export interface Connection {
  readonly open: boolean;
  /** Passed over unless it is open. */
  say(message: Message, options?: { readonly urgent?: boolean }): void;
  /** Asks whether the other side is still there, and ends when it does not answer. */
  probe(): void;
  /** Nothing is heard of it any more. */
  close(): void;
}

export interface ConnectionEvents {
  opened(): void;
  heard(frame: Frame): void;
  /** Once, unless it was closed from here. */
  ended(end: End): void;
}

export interface End {
  readonly why: 'refused' | 'closed' | 'silent' | 'malformed';
  readonly code: number;
  readonly reason: string;
}

const OPENING_MS = 10_000;
/** The shop's own pings are not seen in a page, so one is sent when nothing has been heard for this long … */
const QUIET_MS = 25_000;
/** … and this long is waited for any sign of life. */
const ANSWER_MS = 10_000;

const PROTOCOL = 'gstore.v1';

export function openConnection(
  { url, token, ports }: { readonly url: string; readonly token: string; readonly ports: Ports },
  events: ConnectionEvents,
): Connection {
  const { time } = ports;
  const pace = createPace<Message>((message) => socket.send(JSON.stringify(message)), time);
  let open = false;
  let ended = false;
  let cancelTimer = time.after(OPENING_MS, () => end({ why: 'refused', code: 1006, reason: 'no answer' }));

  const wait = (ms: number, run: () => void): void => {
    cancelTimer();
    cancelTimer = time.after(ms, run);
  };
  const probe = (): void => {
    if (ended || !open) return;
    wait(ANSWER_MS, () => end({ why: 'silent', code: 1006, reason: 'no sign of life' }));
    pace.say({ type: 'ping' }, { urgent: true });
  };
  const leave = (): void => {
    ended = true;
    cancelTimer();
    pace.stop();
    // One whose other side is gone would wait for its goodbye: what it says from now on nobody hears.
    socket.close(1000);
  };
  const end = (how: End): void => {
    if (ended) return;
    leave();
    events.ended(how);
  };

  const socket = ports.openSocket(url, [PROTOCOL, `bearer.${token}`], {
    opened() {
      if (ended) return;
      open = true;
      wait(QUIET_MS, probe);
      events.opened();
    },
    heard(data) {
      if (ended) return;
      const frame = readFrame(data);
      if (frame === undefined) return end({ why: 'malformed', code: 1003, reason: 'this is no message' });
      wait(QUIET_MS, probe);
      events.heard(frame);
    },
    closed: (code, reason) => end({ why: open ? 'closed' : 'refused', code, reason }),
  });

  return {
    get open() {
      return open && !ended;
    },
    say(message, options) {
      if (open && !ended) pace.say(message, options);
    },
    probe,
    close() {
      if (!ended) leave();
    },
  };
}
