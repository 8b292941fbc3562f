import { randomUUID } from 'node:crypto';
import { eventually, openSocket, type SocketClient } from '@g-store/testing';
import { watch, type Frame } from '../shop';
import { portOf, socketUrl } from '../stack';
import { newcomer, shopper, type Shopper } from './cast';
import { frame, rawSocket, type FrameShape } from './frames';

jest.setTimeout(20_000);

let anna: Shopper;
let crowded: Promise<SocketClient<Frame>>;

beforeAll(async () => {
  anna = await shopper();
  // A thousand subscriptions take their time at 20 messages a second: meanwhile the others go on.
  crowded = subscribeToMany();
  crowded.catch(() => undefined);
});

const MOST = 1_000;
let over = false;
afterAll(async () => {
  over = true;
  const socket = await crowded.catch(() => undefined);
  socket?.terminate();
});

async function subscribeToMany(): Promise<SocketClient<Frame>> {
  const { token } = await newcomer();
  // Longer than any socket of this test, so that only the subscriptions can end it.
  const socket = await open({ token });
  const begun = performance.now();
  let sent = 0;
  await eventually(
    () => {
      const allowed = Math.min(MOST, ((performance.now() - begun) / 1_000) * 18);
      for (; sent < allowed; sent += 1) socket.send({ type: 'subscribe', orderId: randomUUID() });
      return sent === MOST || over;
    },
    { within: 90_000, every: 100 },
  );
  return socket;
}

const open = (options: Parameters<typeof openSocket>[1], url = socketUrl) => openSocket<Frame>(url, options);

describe.each([
  ['through the gateway', socketUrl],
  ['at the service itself', `${portOf(8_084).replace('http', 'ws')}/ws`],
] as const)('%s, what breaks the protocol ends the socket and nothing else', (_door, url) => {
  const ping = frame('{"type":"ping"}');
  const piece = (shape: FrameShape) => frame('x', { fin: false, ...shape });

  it.each<[string, number, () => readonly Buffer[]]>([
    ['a binary message', 1003, () => [frame('{"type":"ping"}', { opcode: 'binary' })]],
    ['no mask', 1002, () => [frame('{"type":"ping"}', { masked: false })]],
    ['a reserved bit: compressed', 1002, () => [frame('{"type":"ping"}', { rsv: 4 })]],
    ['another reserved bit', 1002, () => [frame('{"type":"ping"}', { rsv: 1 })]],
    ['an opcode that is none', 1002, () => [frame('', { opcode: 3 })]],
    ['a control opcode that is none', 1002, () => [frame('', { opcode: 11 })]],
    ['a ping in pieces', 1002, () => [frame('', { opcode: 'ping', fin: false })]],
    ['a ping that is long', 1002, () => [frame(Buffer.alloc(126), { opcode: 'ping' })]],
    ['a piece of nothing', 1002, () => [frame('x', { opcode: 'continuation' })]],
    ['a message within a message', 1002, () => [piece({}), ping]],
    ['bad UTF-8', 1007, () => [frame(Buffer.from([0xc3, 0x28]))]],
    ['half a surrogate', 1007, () => [frame(Buffer.from([0xed, 0xa0, 0x80]))]],
    ['a goodbye with half a code', 1002, () => [frame(Buffer.from([3]), { opcode: 'close' })]],
    ['a goodbye with a code of no use', 1002, () => [frame(Buffer.from([3, 0xed]), { opcode: 'close' })]],
    ['16 KiB and a byte', 1009, () => [frame('x'.repeat(16_385))]],
    ['16 KiB and a byte in two pieces', 1009, () => twoPieces('x'.repeat(16_385))],
    ['a length of an exabyte', 1009, () => [frame('x', { length: 1n << 60n })]],
    ['a length that is negative', 1009, () => [frame('x', { length: (1n << 64n) - 1n })]],
    [
      'pieces without end',
      1008,
      () => [piece({}), ...Array.from({ length: 50 }, () => piece({ opcode: 'continuation' }))],
    ],
  ])('%s', async (_what, code, frames) => {
    await using healthy = await open({ headers: { authorization: `Bearer ${anna.token}` } }, url);
    using socket = await rawSocket(url, anna.token);
    socket.write(...frames());
    expect(await socket.ended()).toBe(code);
    healthy.send({ type: 'ping' });
    await healthy.frame(({ type }) => type === 'pong');
  });

  it('a message of exactly 16 KiB is read', async () => {
    using socket = await rawSocket(url, anna.token);
    const text = '{"type":"ping"}';
    socket.write(frame(text + ' '.repeat(16_384 - text.length)));
    await eventually(() => socket.messages().some(({ type }) => type === 'pong'));
  });

  const twoPieces = (text: string) => [
    frame(text.slice(0, 9_000), { fin: false }),
    frame(text.slice(9_000), { opcode: 'continuation' }),
  ];
});

describe('too much', () => {
  it('at once ends the socket: a customer has 20 messages a second, and as many in hand', async () => {
    await using socket = await watch(anna);
    for (let sent = 0; sent < 40; sent += 1) socket.send({ type: 'ping' });
    await eventually(() => socket.frames.length === 40);
    for (let sent = 0; sent < 40; sent += 1) socket.send({ type: 'ping' });
    expect(await socket.closed).toMatchObject({ code: 4429 });
  });

  it.each(['ping', 'pong', 'text'] as const)('also counts as %s frames', async (opcode) => {
    using socket = await rawSocket(socketUrl, anna.token);
    socket.write(...Array.from({ length: 100 }, () => frame('', { opcode })));
    expect(await socket.ended()).toBe(4429);
  });

  it('of sockets: one person has 100 of an instance', async () => {
    const somebody = await newcomer();
    const direct = `${portOf(8_084).replace('http', 'ws')}/ws`;
    const sockets = await Promise.all(Array.from({ length: 100 }, () => open({ token: somebody.token }, direct)));
    await using another = await open({ token: somebody.token }, direct);
    expect(await another.closed).toMatchObject({ code: 4429 });
    await using ofAnother = await open({ token: anna.token }, direct);
    ofAnother.send({ type: 'ping' });
    await ofAnother.frame(({ type }) => type === 'pong');
    for (const socket of sockets) socket.terminate();
  });
});

it('a socket has a thousand subscriptions, and not one more', async () => {
  const socket = await crowded;
  const subscribed = () => socket.frames.filter(({ type }) => type === 'subscribed');
  await eventually(() => subscribed().length === MOST, { within: 15_000 });
  socket.send({ type: 'subscribe', orderId: randomUUID() });
  expect(await socket.closed).toMatchObject({ code: 4429, reason: 'too many subscriptions' });
}, 120_000);
