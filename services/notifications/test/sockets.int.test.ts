import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { eventually, UpgradeRefused } from '@g-store/testing';
import {
  ending,
  startSurroundings,
  subscribed,
  told,
  type Instance,
  type Running,
  type Socket,
} from './running-notifications.js';
import { newOrder } from './storyteller.js';

const now = () => Math.floor(Date.now() / 1_000);

describe('sockets at the edge', () => {
  let running: Running;
  let instance: Instance;
  const opened: Socket[] = [];

  beforeAll(async () => {
    running = await startSurroundings();
    instance = await running.start({ WS_SOCKETS_PER_USER: '3', WS_SUBSCRIPTIONS_PER_SOCKET: '5' });
  });
  afterEach(async () => {
    for (const socket of opened.splice(0)) await socket[Symbol.asyncDispose]();
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const open = async (claims: Parameters<Running['tokens']['issue']>[0] = {}, at = instance): Promise<Socket> => {
    const socket = await at.open({ token: running.tokens.issue(claims) });
    opened.push(socket);
    return socket;
  };
  const refusal = async (options: Parameters<Instance['open']>[0]): Promise<UpgradeRefused> =>
    instance.open(options).then(
      (socket) => Promise.reject(new Error(`let in ${socket.protocol}`)),
      (error: unknown) => error as UpgradeRefused,
    );

  describe('are not opened', () => {
    const good = () => running.tokens.issue();
    it.each([
      ['without a token', () => ({}), 401],
      ['with a broken token', () => ({ token: `${good().slice(0, -4)}AAAA` }), 401],
      ['with an expired token', () => ({ token: running.tokens.issue({ iat: now() - 700, exp: now() - 100 }) }), 401],
      ['with a token of another audience', () => ({ token: running.tokens.issue({ aud: 'gophermart' }) }), 401],
      ['with a staff API key', () => ({ headers: { 'x-staff-api-key': running.staffKey } }), 401],
      ['for a page of somewhere else', () => ({ token: good(), headers: { origin: 'http://evil.example' } }), 403],
      ['for a page of nowhere', () => ({ token: good(), headers: { origin: 'null' } }), 403],
    ])('%s', async (_why, options, status) => {
      const refused = await refusal(options());
      expect(refused.status).toBe(status);
      expect(JSON.parse(refused.body)).toMatchObject({
        status,
        instance: '/ws',
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
        code: status === 401 ? 'unauthenticated' : 'forbidden',
      });
    });

    it('with a token in the address', async () => {
      const answer = await rawUpgrade(instance.url, `/ws?token=${running.tokens.issue()}`);
      expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    });

    it('anywhere else', async () => expect(await rawUpgrade(instance.url, '/ws/other')).toMatch(/^HTTP\/1\.1 404 /));

    it('by half a handshake', async () => {
      const answer = await rawUpgrade(instance.url, '/ws', [
        `Authorization: Bearer ${running.tokens.issue()}`,
        'Sec-WebSocket-Version: 7',
      ]);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('application/problem+json');
    });
  });

  it('are opened for a page of the list, and with a header for programs', async () => {
    const page = await instance.open({ token: running.tokens.issue(), headers: { origin: 'http://localhost:3000' } });
    const program = await instance.open({ headers: { authorization: `Bearer ${running.tokens.issue()}` } });
    opened.push(page, program);
    expect([page.protocol, program.protocol]).toEqual(['gstore.v1', '']);
    program.send({ type: 'ping' });
    expect(await program.frame(({ type }) => type === 'pong')).toEqual({ type: 'pong' });
  });

  it('answer nonsense with an error and go on', async () => {
    const socket = await open();
    for (const nonsense of [
      '',
      '{',
      '[]',
      '{"type":"shout"}',
      '{"type":"subscribe"}',
      { type: 'subscribe', orderId: '7' },
    ])
      socket.send(nonsense);
    socket.send({ type: 'ping' });
    await socket.frame(({ type }) => type === 'pong');
    expect(socket.frames.slice(0, 6).map(({ data }) => data['code'])).toEqual(Array(6).fill('validation_failed'));
  });

  it('end with a frame larger than 16 KiB', async () => {
    const socket = await open();
    socket.send({ type: 'ping', padding: 'x'.repeat(17_000) });
    expect((await ending(socket)).code).toBe(1009);
  });

  it.each([
    ['an unmasked frame', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['compression that was not agreed on', Buffer.from([0xc1, 0x80, 0, 0, 0, 0])],
    ['text that is no UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
    [
      'fragments without end',
      Buffer.concat([
        Buffer.from([0x01, 0x80, 0, 0, 0, 0]),
        ...Array.from({ length: 50 }, () => Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x20])),
      ]),
    ],
    ['a frame that says it is enormous', Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])],
  ])('end with %s, and nobody else notices', async (_what, bytes) => {
    const witness = await open();
    const ended = await rawSocket(instance.url, running.tokens.issue(), bytes);
    expect(ended).toBe(true);
    witness.send({ type: 'ping' });
    await witness.frame(({ type }) => type === 'pong');
  });

  it('end when a client talks too much', async () => {
    const socket = await open();
    for (let sent = 0; sent < 200; sent += 1) socket.send({ type: 'ping' });
    expect((await ending(socket)).code).toBe(4429);
    expect(socket.frames.length).toBeLessThanOrEqual(42);
  });

  it('are not more than so many per person, and do not watch more than so much', async () => {
    const sub = randomUUID();
    const sockets = [await open({ sub }), await open({ sub }), await open({ sub })];
    expect((await ending(await open({ sub }))).code).toBe(4429);
    const [socket] = sockets as [Socket];
    for (let count = 0; count < 5; count += 1) await subscribed(socket, { orderId: newOrder(sub).id });
    socket.send({ type: 'subscribe', scope: 'mine' });
    expect((await ending(socket)).code).toBe(4429);
    await eventually(async () => {
      const again = await open({ sub });
      again.send({ type: 'ping' });
      await again.frame(({ type }) => type === 'pong', { within: 500 });
    });
  });

  it('end when their token does', async () => {
    const socket = await open({ iat: now() - 10, exp: now() + 2 });
    expect((await ending(socket)).code).toBe(4401);
  });

  it('live on with a fresh token of the same person, and of no one else', async () => {
    const sub = randomUUID();
    const firstExpires = now() + 2;
    const socket = await open({ sub, exp: firstExpires });
    const authenticate = async (token: string) => {
      const from = socket.frames.length;
      socket.send({ type: 'authenticate', token });
      return socket.frame(({ type }) => type === 'authenticated' || type === 'error', { from });
    };
    expect((await authenticate('nonsense')).data['code']).toBe('unauthenticated');
    expect((await authenticate(running.tokens.issue())).data['code']).toBe('forbidden');
    expect((await authenticate(running.tokens.issue({ sub }))).type).toBe('authenticated');
    await subscribed(socket, { scope: 'mine' });
    const order = newOrder(sub);
    await eventually(() => now() > firstExpires, { within: 5_000, every: 100 });
    await running.tells.placed(order);
    await socket.frame(({ data }) => data['orderId'] === order.id);
  });

  describe('end at once, everywhere,', () => {
    it('when their person signs out, and only that session’s', async () => {
      const [sub, sid] = [randomUUID(), randomUUID()];
      const [gone, kept] = [await open({ sub, sid }), await open({ sub })];
      await running.tells.signedOut(sub, sid);
      expect((await ending(gone)).code).toBe(4403);
      kept.send({ type: 'ping' });
      await kept.frame(({ type }) => type === 'pong');
      expect((await refusal({ token: running.tokens.issue({ sub, sid }) })).status).toBe(401);
    });

    it('when their person is blocked', async () => {
      const sub = randomUUID();
      const sockets = [await open({ sub }), await open({ sub })];
      await running.tells.blocked(sub);
      expect((await Promise.all(sockets.map(ending))).map(({ code }) => code)).toEqual([4403, 4403]);
    });

    it('when a role is taken away that they used', async () => {
      const [sub, iat] = [randomUUID(), now() - 5];
      const [staff, customer] = [
        await open({ sub, iat, exp: iat + 600, roles: ['customer', 'staff'] }),
        await open({ sub, iat, exp: iat + 600 }),
      ];
      await running.tells.rolesChanged(sub, ['customer']);
      expect((await ending(staff)).code).toBe(4403);
      customer.send({ type: 'ping' });
      await customer.frame(({ type }) => type === 'pong');
    });
  });

  it('are given up when nobody answers at the other end', async () => {
    const patient = await running.start({ WS_PING_SECONDS: '1' });
    const alive = await open({}, patient);
    const silent = rawSocket(patient.url, running.tokens.issue(), Buffer.alloc(0), 6_000);
    expect(await silent).toBe(true);
    alive.send({ type: 'ping' });
    await alive.frame(({ type }) => type === 'pong');
    await patient[Symbol.asyncDispose]();
  });

  it('do not hold up anybody when one reads slowly, which is told so and has to come again', async () => {
    const impatient = await running.start({ WS_MESSAGES_PER_SECOND: '1000' }, { slowMs: 1_000 });
    const owner = randomUUID();
    const token = running.tokens.issue({ sub: owner });
    const swift = await open({ sub: owner }, impatient);
    const { position } = await subscribed(swift, { scope: 'mine' });
    const orders = Array.from({ length: 2_000 }, () => newOrder(owner));
    for (let at = 0; at < orders.length; at += 500)
      await running.tells.tell(...orders.slice(at, at + 500).map(running.tells.records.placed));
    await eventually(() => expect(told(swift)).toHaveLength(2_000));
    const slow = new WebSocket(`${impatient.url.replace('http', 'ws')}/ws`, ['gstore.v1', `bearer.${token}`]);
    const closed = once(slow, 'close');
    await once(slow, 'open');
    slow.pause();
    for (let again = 0; again < 60; again += 1)
      slow.send(JSON.stringify({ type: 'subscribe', scope: 'mine', after: position }));
    const operator = impatient.http(running.tokens.issue({ roles: ['operator'] }));
    const sockets = async () => (await operator.get<{ sockets: number }>('/v1/operations/status')).body.sockets;
    await eventually(async () => expect(await sockets()).toBe(1), { within: 15_000 });
    const late = newOrder(owner);
    await running.tells.placed(late);
    await swift.frame(({ data }) => data['orderId'] === late.id);
    slow.resume();
    expect((await closed)[0]).toBe(4408);
    const { text } = await impatient.http().get('/metrics');
    expect(text).toMatch(/^ws_evicted_total\{code="4408",.*\} 1$/m);
    expect(text).toMatch(/^ws_connections\{.*\} 1$/m);
    expect(text).toMatch(/^ws_resumes_total\{recovered="true",.*\} 60$/m);
    await impatient[Symbol.asyncDispose]();
  });

  it('are sent elsewhere when the service stops, not all at the same moment, and nothing of what was told is lost', async () => {
    const leaving = await running.start();
    const owners = Array.from({ length: 30 }, () => randomUUID());
    const sockets = await Promise.all(owners.map((sub) => open({ sub }, leaving)));
    await Promise.all(sockets.map((socket) => subscribed(socket, { scope: 'mine' })));
    await running.tells.tell(...owners.map((owner) => running.tells.records.placed(newOrder(owner))));
    const closedAt: number[] = [];
    for (const { closed } of sockets) void closed.then(() => closedAt.push(performance.now()));
    const began = performance.now();
    const stopped = leaving[Symbol.asyncDispose]();
    const closed = await Promise.all(sockets.map(ending));
    expect(new Set(closed.map(({ code }) => code))).toEqual(new Set([1012]));
    const delays = closed.map(({ reason }) => Number(/(\d+) ms/.exec(reason)?.[1]));
    expect(new Set(delays).size).toBeGreaterThan(20);
    expect(Math.max(...closedAt) - Math.min(...closedAt)).toBeGreaterThan(50);
    expect(sockets.map((socket) => told(socket).length)).toEqual(owners.map(() => 1));
    await stopped;
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

/** What is answered to a request for an upgrade, as text. */
function rawUpgrade(url: string, path: string, headers: readonly string[] = []): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const received: Buffer[] = [];
    socket.on('error', reject);
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(received).toString()));
    const own = [
      'Host: here',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ...(headers.some((one) => one.startsWith('Sec-WebSocket-Version')) ? [] : ['Sec-WebSocket-Version: 13']),
    ];
    socket.write([`GET ${path} HTTP/1.1`, ...own, ...headers, '', ''].join('\r\n'));
  });
}

/** Upgrades by hand and sends these bytes; true when the server then ends the connection. */
function rawSocket(url: string, token: string, bytes: Buffer, within = 5_000): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const limit = setTimeout(() => socket.destroy(new Error('the server did not end the connection')), within);
    socket.on('error', (error) => (/ECONNRESET|EPIPE/.test(error.message) ? undefined : reject(error)));
    socket.on('close', () => {
      clearTimeout(limit);
      resolve(true);
    });
    let upgraded = false;
    socket.on('data', () => {
      if (upgraded) return;
      upgraded = true;
      socket.write(bytes);
    });
    socket.write(
      [
        'GET /ws HTTP/1.1',
        'Host: here',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        'Sec-WebSocket-Version: 13',
        `Authorization: Bearer ${token}`,
        '',
        '',
      ].join('\r\n'),
    );
  });
}
