import { WebSocket, type RawData } from 'ws';
import { eventually } from './eventually.js';

export interface SocketOptions {
  /** Access token, sent as a browser must: as a subprotocol. */
  readonly token?: string;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface SocketClient<F> extends AsyncDisposable {
  /** Every frame received, oldest first. */
  readonly frames: readonly F[];
  /** The protocol that the server chose. */
  readonly protocol: string;
  send(frame: unknown): void;
  /** The first frame that matches, among those received or still to come; `from` skips that many. */
  frame<M extends F>(matches: (frame: F) => frame is M, options?: { within?: number; from?: number }): Promise<M>;
  frame(matches: (frame: F) => boolean, options?: { within?: number; from?: number }): Promise<F>;
  /** Resolves when the connection has ended, with whatever code. */
  readonly closed: Promise<Closed>;
  close(code?: number): void;
  /** Ends the connection without a goodbye. */
  terminate(): void;
}

/** The server refused before the upgrade. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
  constructor(
    readonly status: number,
    readonly body: string,
  ) {
    super(`upgrade refused: ${status} ${body}`);
  }
}

/** Opens a websocket whose frames are JSON, and keeps all of them. @throws UpgradeRefused when the server answers with anything but 101 */
export async function openSocket<F = Readonly<Record<string, unknown>>>(
  url: string,
  options: SocketOptions = {},
): Promise<SocketClient<F>> {
  const protocols = options.protocols ?? (options.token === undefined ? [] : ['gstore.v1', `bearer.${options.token}`]);
  const socket = new WebSocket(url, [...protocols], { headers: { ...options.headers } });
  const frames: F[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(textOf(data)) as F));
  const closed = new Promise<Closed>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  await opened(socket);

  const frame = (
    matches: (frame: F) => boolean,
    { within, from = 0 }: { within?: number; from?: number } = {},
  ): Promise<F> =>
    eventually(
      () => {
        const found = frames.slice(from).find(matches);
        if (found === undefined) throw new Error(`no such frame among ${JSON.stringify(frames.slice(-20))}`);
        return found;
      },
      { ...(within !== undefined && { within }), every: 2 },
    );
  return {
    frames,
    get protocol() {
      return socket.protocol;
    },
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    frame: frame as SocketClient<F>['frame'],
    closed,
    close: (code = 1000) => socket.close(code),
    terminate: () => socket.terminate(),
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', reject);
    socket.once('unexpected-response', (request, response) => {
      const connection = response.socket; // once the answer is read it is no longer the request's to end
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        reject(new UpgradeRefused(response.statusCode ?? 0, Buffer.concat(chunks).toString()));
        request.destroy();
        connection.destroy();
      });
    });
  });
}

const textOf = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();
