/** One client's end of a socket, as far as the feed cares. */
export interface Outlet {
  /** Bytes handed over that have not left yet. */
  buffered(): number;
  /** Whole frames, in order. */
  write(bytes: Buffer): void;
  close(code: number, reason: string): void;
}

/** A frame, or how to make it when its turn comes. The same item may wait in many queues. */
export interface Item {
  readonly frame: Buffer | (() => Buffer);
  /** A newer frame of the same key may take this one's place while the client is slow to read. */
  readonly key?: string;
}

/** Frames on their way to one client, in order. */
export interface DeliveryQueue {
  push(item: Item): void;
  /** Frames that are made when their turn comes; all of them are sent, as fast as they are read. */
  pushLater(frames: Iterable<() => Buffer>): void;
  /** Keeps back what is pushed from now on until it is disposed of. */
  hold(): Disposable;
  /** Hands over what the client has room for. `more`: and there is room for more soon; `done`: nothing may go now. */
  flush(): 'done' | 'more' | 'slow' | 'too slow';
}

export interface QueueLimits {
  /** With so many bytes on the way nothing more is handed over, and of each key only the newest frame is kept. */
  readonly slowBytes: number;
  /** With so many on the way or waiting, and not just for a moment, the client is given up. */
  readonly mostBytes: number;
  /** A client that stays slow for so long is given up. */
  readonly slowMs: number;
  readonly nowMs: () => number;
  /** Several frames as one piece. */
  readonly join: (frames: readonly Buffer[]) => Buffer;
}

/** A burst fills the queue of a client that reads well, until the socket has had its turn. */
const MOMENT_MS = 500;

export function createDeliveryQueue(outlet: Outlet, limits: QueueLimits): DeliveryQueue {
  let items: (Item | undefined)[] = [];
  /** Items taken out of the front so far: a hold names a place by its count from the beginning. */
  let taken = 0;
  let waitingBytes = 0;
  let slowSinceMs: number | undefined;
  const newest = new Map<string, number>();
  /** Places that nothing behind may be handed over before. */
  const holds = new Map<symbol, number>();

  const replaceOlder = (key: string, place: number): void => {
    const older = (newest.get(key) ?? -1) - taken;
    const replaced = older < 0 ? undefined : items[older];
    if (replaced !== undefined) {
      items[older] = undefined;
      waitingBytes -= sizeOf(replaced);
    }
    newest.set(key, place);
  };
  const becomeSlow = (): void => {
    items.forEach((item, index) => {
      if (item?.key !== undefined) replaceOlder(item.key, taken + index);
    });
  };
  const becomeSwift = (): void => {
    slowSinceMs = undefined;
    newest.clear();
  };

  const push = (item: Item): void => {
    if (slowSinceMs !== undefined && item.key !== undefined) replaceOlder(item.key, taken + items.length);
    items.push(item);
    waitingBytes += sizeOf(item);
  };

  /** How many are not held back. */
  const free = (): number => (holds.size === 0 ? items.length : Math.min(...holds.values()) - taken);
  const take = (room: number): Buffer[] => {
    const end = free();
    const frames: Buffer[] = [];
    let count = 0;
    for (let left = room; count < end && left > 0; count += 1) {
      const item = items[count];
      if (item === undefined) continue;
      const frame = typeof item.frame === 'function' ? item.frame() : item.frame;
      waitingBytes -= sizeOf(item);
      left -= frame.length;
      frames.push(frame);
    }
    items = count === items.length ? [] : items.slice(count);
    taken += count;
    return frames;
  };

  return {
    push,
    pushLater(frames) {
      for (const frame of frames) push({ frame });
    },
    hold() {
      const own = Symbol('hold');
      holds.set(own, taken + items.length);
      return { [Symbol.dispose]: () => void holds.delete(own) };
    },
    flush() {
      const buffered = outlet.buffered();
      if (buffered >= limits.slowBytes) {
        if (slowSinceMs === undefined) {
          slowSinceMs = limits.nowMs();
          becomeSlow();
        }
        const slowForMs = limits.nowMs() - slowSinceMs;
        const tooMuch = buffered + waitingBytes > limits.mostBytes && slowForMs >= MOMENT_MS;
        return tooMuch || slowForMs >= limits.slowMs ? 'too slow' : 'slow';
      }
      if (slowSinceMs !== undefined) becomeSwift();
      const frames = take(limits.slowBytes - buffered);
      if (frames.length > 0) outlet.write(limits.join(frames));
      if (free() === 0) return 'done';
      return outlet.buffered() < limits.slowBytes ? 'more' : 'slow';
    },
  };
}

/** What is made when its turn comes takes no room before. */
const sizeOf = ({ frame }: Item): number => (typeof frame === 'function' ? 0 : frame.length);
