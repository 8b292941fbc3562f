import { randomUUID } from 'node:crypto';
import { eventually, openSocket, UpgradeRefused, type SocketClient } from '@g-store/testing';
import { expectStatus, http, watch, type Frame } from '../shop';
import { gateway, socketUrl } from '../stack';
import { paidOrder, shopper, type Shopper } from './cast';
import { seconds, startForger, strangersTokens, type Forger } from './forger';

jest.setTimeout(20_000);

let anna: Shopper;
let boris: Shopper;
let forger: Forger;

beforeAll(async () => {
  [anna, boris, forger] = await Promise.all([shopper(), shopper(), startForger()]);
});

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
    await using forgotten = await open({ token: brief() });
    await using renewed = await open({ token: brief() });
    renewed.send({ type: 'authenticate', token: anna.token });
    await renewed.frame(({ type }) => type === 'authenticated');
    expect(await forgotten.closed).toMatchObject({ code: 4401 });
    renewed.send({ type: 'ping' });
    await renewed.frame(({ type }) => type === 'pong');
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
