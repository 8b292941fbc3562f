import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { eventually } from '@g-store/testing';

const OP = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameShape {
  readonly opcode?: keyof typeof OP | number;
  readonly fin?: boolean;
  readonly masked?: boolean;
  /** Bits 4, 2 and 1. */
  readonly rsv?: number;
  /** What the frame says of its own length, where that is a lie. */
  readonly length?: bigint;
}

/** One frame, right or wrong. */
export function frame(payload: string | Buffer, shape: FrameShape = {}): Buffer {
  const { opcode = 'text', fin = true, masked = true, rsv = 0 } = shape;
  const bytes = Buffer.from(payload);
  const length = shape.length ?? BigInt(bytes.length);
  const size = length < 126n ? Buffer.alloc(0) : Buffer.alloc(length < 65_536n ? 2 : 8);
  if (size.length === 2) size.writeUInt16BE(Number(length));
  if (size.length === 8) size.writeBigUInt64BE(length);
  const short = size.length === 0 ? Number(length) : size.length === 2 ? 126 : 127;
  const head = Buffer.from([
    (fin ? 0x80 : 0) | (rsv << 4) | (typeof opcode === 'number' ? opcode : OP[opcode]),
    (masked ? 0x80 : 0) | short,
  ]);
  const mask = masked ? randomBytes(4) : Buffer.alloc(0);
  const body = masked ? bytes.map((byte, at) => byte ^ (mask[at % 4] ?? 0)) : bytes;
  return Buffer.concat([head, size, mask, body]);
}

export interface RawSocket extends Disposable {
  write(...frames: readonly Buffer[]): void;
  /** The code of the close frame that came, or 'cut' when the connection ended without one. */
  ended(within?: number): Promise<number | 'cut'>;
  /** The text messages that came. */
  messages(): readonly Readonly<Record<string, unknown>>[];
}

/** A websocket whose frames are written by hand. @throws Error with the answer when it is not let in */
export async function rawSocket(address: string, token: string): Promise<RawSocket> {
  const { hostname, port, pathname } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port) });
  let heard = Buffer.alloc(0);
  let over = false;
  socket.on('data', (chunk: Buffer) => (heard = Buffer.concat([heard, chunk])));
  socket.on('error', () => undefined);
  socket.on('close', () => (over = true));
  socket.write(
    [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      `Authorization: Bearer ${token}`,
      '\r\n',
    ].join('\r\n'),
  );
  await upgraded(
    socket,
    () => heard,
    () => over,
  );
  const start = heard.indexOf('\r\n\r\n') + 4;
  const frames = () => framesIn(heard.subarray(start));
  return {
    write: (...all) => void socket.write(Buffer.concat(all)),
    ended: (within = 5_000) =>
      eventually(
        () => {
          const goodbye = frames().find(({ opcode }) => opcode === OP.close);
          if (goodbye) return goodbye.payload.length < 2 ? 1005 : goodbye.payload.readUInt16BE();
          if (over) return 'cut' as const;
          throw new Error('the connection is still open');
        },
        { within },
      ),
    messages: () =>
      frames()
        .filter(({ opcode }) => opcode === OP.text)
        .map(({ payload }) => JSON.parse(payload.toString()) as Readonly<Record<string, unknown>>),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

async function upgraded(socket: Socket, heard: () => Buffer, over: () => boolean): Promise<void> {
  const answer = await eventually(() => {
    const text = heard().toString('latin1');
    return (text.includes('\r\n\r\n') || over()) && text;
  });
  if (answer.startsWith('HTTP/1.1 101')) return;
  socket.destroy();
  throw new Error(answer);
}

/** A server's frames are whole and unmasked. */
function framesIn(bytes: Buffer): readonly { readonly opcode: number; readonly payload: Buffer }[] {
  const frames = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (at + 2 + extra > bytes.length) break;
    const length =
      extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    const start = at + 2 + extra;
    if (start + length > bytes.length) break;
    frames.push({ opcode: (bytes[at] ?? 0) & 0x0f, payload: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return frames;
}
