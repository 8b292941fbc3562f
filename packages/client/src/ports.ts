/** What the client needs of the world round it: in a program and in a page the real one, in a test one moved by hand. */
export interface Ports {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly openSocket: (url: string, protocols: readonly string[], events: SocketEvents) => Socket;
  readonly time: Time;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly network: Network;
  readonly tabs: Tabs;
  /** What a caller's own listener threw: it is theirs to hear of, and keeps nobody else from being told. */
  readonly report: (fault: unknown) => void;
}

/** Takes back what was begun: a timer, a listener. Calling it again does nothing. */
export type Cancel = () => void;

export interface Time {
  /** Milliseconds since some fixed moment: the clock on the wall may be wrong, and is never asked. */
  monotonicMs(): number;
  /** Runs once, `ms` from now, unless cancelled before. */
  after(ms: number, run: () => void): Cancel;
}

/** A websocket, as far as it is used here. */
export interface Socket {
  send(text: string): void;
  close(code: number): void;
}

export interface SocketEvents {
  opened(): void;
  heard(data: unknown): void;
  /** In any case and last of all: with 1006 when it was never opened, or broke. */
  closed(code: number, reason: string): void;
}

export interface Network {
  readonly online: boolean;
  /** Called when it is worth trying again at once: the network is back, or the page is looked at again. */
  onBack(listener: () => void): Cancel;
}

/** The other tabs of this browser that show the same shop; none in a program. */
export interface Tabs {
  /** Runs when no other tab runs under this name. */
  alone<T>(name: string, run: () => Promise<T>): Promise<T>;
  tell(message: string): void;
  onTold(listener: (message: string) => void): Cancel;
}
