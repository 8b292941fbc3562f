import { randomUUID } from 'node:crypto';
import { eventually, openSocket, UpgradeRefused, type SocketClient } from '@g-store/testing';
import { expectStatus, http, watch, type Frame } from '../shop';
import { gateway, portOf, socketUrl } from '../stack';
import { newcomer, paidOrder, shopper, type Shopper } from './cast';
import { seconds, startForger, strangersTokens, type Forger } from './forger';
import { frame, rawSocket, type FrameShape } from './frames';

jest.setTimeout(20_000);

let anna: Shopper;
let boris: Shopper;
let forger: Forger;
let crowded: Promise<SocketClient<Frame>>;

beforeAll(async () => {
  [anna, boris, forger] = await Promise.all([shopper(), shopper(), startForger()]);
  // A thousand subscriptions take their time at 20 messages a second: meanwhile the others go on.
  crowded = subscribeToMany();
  crowded.catch(() => undefined);
});

const MOST = 1_000;
let crowd: SocketClient<Frame> | undefined;
let over = false;
afterAll(() => {
  over = true;
  crowd?.terminate();
});

async function subscribeToMany(): Promise<SocketClient<Frame>> {
  const { token } = await newcomer();
  // Longer than any socket of this test, so that only the subscriptions can end it.
  const socket = await open({ token });
  crowd = socket;
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

const refusal = (
  opening: Promise<SocketClient<Frame>>,
): Promise<readonly [number, Readonly<Record<string, unknown>>]> =>
  opening.then(
    (socket) => {
      socket.terminate();
      return [101, {}] as const;
    },
    (error: unknown) => {
      if (!(error instanceof UpgradeRefused)) throw error;
      return [error.status, JSON.parse(error.body) as Readonly<Record<string, unknown>>] as const;
    },
  );
const open = (options: Parameters<typeof openSocket>[1], url = socketUrl) => openSocket<Frame>(url, options);

describe('a socket is not opened', () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it.each<[string, () => Parameters<typeof openSocket>[1]]>([
    ['without a token', () => ({})],
    ['with a token in a cookie', () => ({ headers: { cookie: `token=${anna.token}` } })],
    ['with two tokens', () => ({ protocols: ['gstore.v1', `bearer.${anna.token}`], headers: bearer(anna.token) })],
    ['with two tokens among the protocols', () => ({ protocols: [`bearer.${anna.token}`, `bearer.${boris.token}`] })],
    ['with an empty token', () => ({ headers: bearer('') })],
    ['with a token that has expired', () => ({ token: forger.issue({ iat: seconds() - 600, exp: seconds() - 1 }) })],
    ['with a token of a stranger', () => ({ token: strangersTokens(forger.kid).issue() })],
    ['with a token that is none', () => ({ protocols: ['gstore.v1', 'bearer.x.y.z'] })],
    ['with a token of another shop', () => ({ token: forger.issue({ aud: 'gophermart' }) })],
    ['to somebody who only says who they are', () => ({ headers: { 'x-user-id': anna.id } })],
    ['to a machine', () => ({ headers: { 'x-staff-api-key': 'x' } })],
  ])('%s', async (_how, options) => {
    const [status, problem] = await refusal(open(options()));
    expect([status, problem['code'], problem['status']]).toEqual([401, 'unauthenticated', 401]);
    expect(JSON.stringify(problem)).not.toContain(anna.token);
  });

  it.each(['access_token', 'token', 'authorization', 'bearer'])('with a token in the query as %s', async (name) => {
    const [status, problem] = await refusal(open({}, `${socketUrl}?${name}=${anna.token}`));
    expect([status, problem['code']]).toEqual([401, 'unauthenticated']);
    expect(JSON.stringify(problem)).not.toContain(anna.token);
  });

  it.each(['http://evil.example', 'null', 'http://localhost.evil.example', 'https://localhost', 'http://localhost:1'])(
    'to a page of %s, whatever its token',
    async (origin) => {
      const [status, problem] = await refusal(open({ token: anna.token, headers: { origin } }));
      expect([status, problem['code']]).toEqual([403, 'forbidden']);
    },
  );

  it('anywhere else, nor by another method, nor half', async () => {
    for (const path of ['/ws/none', '/ws/orders/more', '/api/notifications/ws', '/api/orders/v1/orders']) {
      const url = `${gateway.replace('http', 'ws')}${path}`;
      const [status] = await refusal(open({ token: anna.token }, url));
      expect([path, status >= 200 && status < 500 && status !== 101]).toEqual([path, true]);
    }
    const reply = await http.get('/ws/orders/', anna);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect((await http.post('/ws/orders/', {}, anna)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('a socket is opened', () => {
  it('to a page of the shop, and never says the token again', async () => {
    await using socket = await open({ token: anna.token, headers: { origin: 'http://localhost:3000' } });
    expect(socket.protocol).toBe('gstore.v1');
  });

  it('to a program with a header', async () => {
    await using socket = await open({ headers: { authorization: `Bearer ${anna.token}` } });
    socket.send({ type: 'ping' });
    await socket.frame(({ type }) => type === 'pong');
  });
});

describe('what is no message', () => {
  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['an unknown type', '{"type":"shutdown"}'],
    ['a type that every object has', '{"type":"constructor"}'],
    ['an order that is none', '{"type":"subscribe","orderId":"1; DROP TABLE"}'],
    ['all and one', `{"type":"subscribe","orderId":"${randomUUID()}","scope":"mine"}`],
    ['deep brackets', '['.repeat(8_000)],
    ['__proto__', '{"__proto__":{"type":"ping"}}'],
  ])('is answered with an error, and the socket goes on: %s', async (_what, text) => {
    await using socket = await watch(anna);
    socket.send(text);
    const { data } = await socket.frame(({ type }) => type === 'error');
    expect(data.code).toBe('validation_failed');
    socket.send({ type: 'ping' });
    await socket.frame(({ type }) => type === 'pong');
  });

  it('of staff alone is refused to a customer', async () => {
    await using socket = await watch(anna);
    socket.send({ type: 'subscribe', scope: 'all' });
    expect((await socket.frame(({ type }) => type === 'error')).data.code).toBe('forbidden');
  });

  it('nor is a position that nobody gave: it starts anew', async () => {
    await using socket = await watch(anna);
    for (const after of ['', 'x', 'A'.repeat(5_000), '{"0":9}', '-1', '\u0000'])
      socket.send({ type: 'subscribe', scope: 'mine', after });
    await eventually(() => socket.frames.filter(({ type }) => type === 'subscribed').length === 6);
    expect(socket.frames.map(({ data }) => data.recovered)).toEqual(Array(6).fill(false));
  });
});

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

describe('an order of somebody else', () => {
  it('is like one that does not exist, in every frame and to the second', async () => {
    await using socket = await watch(boris);
    const missing = randomUUID();
    for (const orderId of [anna.orderId, missing]) socket.send({ type: 'subscribe', orderId });
    await socket.frame(({ type }) => type === 'subscribed');
    // Whatever becomes of it meanwhile.
    expectStatus(await http.post(`/api/orders/v1/orders/${anna.orderId}/cancel`, undefined, anna), 204);
    const ofOrder = (id: string) => socket.frames.filter(({ data }) => data.orderId === id);
    await eventually(() => [anna.orderId, missing].every((id) => ofOrder(id).some(({ type }) => type === 'error')), {
      within: 15_000,
      every: 50,
    });
    const told = (id: string) =>
      ofOrder(id).map(({ position: _position, ...said }) => JSON.stringify(said).replaceAll(id, 'ORDER'));
    expect(told(anna.orderId)).toEqual(told(missing));
    expect(ofOrder(anna.orderId).map(({ type, data }) => data.code ?? type)).toEqual(['subscribed', 'order_not_found']);
  }, 30_000);

  it('is not to be had with its owner’s position either', async () => {
    await using hers = await watch(anna);
    hers.send({ type: 'subscribe', scope: 'mine' });
    await hers.frame(({ type }) => type === 'subscribed');
    const id = await paidOrder(anna);
    const { position } = await hers.frame(({ data }) => data.orderId === id && data.status === 'PENDING');
    await using his = await watch(boris);
    his.send({ type: 'subscribe', orderId: id, after: position });
    his.send({ type: 'subscribe', scope: 'mine', after: position });
    const own = await paidOrder(boris);
    await his.frame(({ data }) => data.orderId === own && data.status === 'PAID');
    expect(his.frames.filter(({ type, data }) => type.startsWith('order.') && data.orderId === id)).toEqual([]);
  });
});

describe('a token', () => {
  it('that expires ends its socket, unless another takes its place', async () => {
    const brief = () => forger.issue({ sub: anna.id, exp: seconds() + 2 });
    const [forgotten, renewed] = [await open({ token: brief() }), await open({ token: brief() })];
    renewed.send({ type: 'authenticate', token: anna.token });
    await renewed.frame(({ type }) => type === 'authenticated');
    expect(await forgotten.closed).toMatchObject({ code: 4401 });
    renewed.send({ type: 'ping' });
    await renewed.frame(({ type }) => type === 'pong');
    renewed.terminate();
  });

  it('of somebody else, or a bad one, does not take its place', async () => {
    await using socket = await watch(anna);
    const tokens = [boris.token, 'x', '', strangersTokens(forger.kid).issue({ sub: anna.id }), anna.token.slice(0, -4)];
    for (const [index, token] of tokens.entries()) {
      socket.send({ type: 'authenticate', token });
      await eventually(() => socket.frames.length === index + 1);
    }
    expect(socket.frames.map(({ data }) => data.code)).toEqual(['forbidden', ...Array(4).fill('unauthenticated')]);
  });
});

it('a socket has a thousand subscriptions, and not one more', async () => {
  const socket = await crowded;
  const subscribed = () => socket.frames.filter(({ type }) => type === 'subscribed');
  await eventually(() => subscribed().length === MOST, { within: 15_000 });
  socket.send({ type: 'subscribe', orderId: randomUUID() });
  expect(await socket.closed).toMatchObject({ code: 4429, reason: 'too many subscriptions' });
}, 120_000);
