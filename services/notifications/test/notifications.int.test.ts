import { randomUUID } from 'node:crypto';
import { eventually } from '@g-store/testing';
import {
  lastPosition,
  startSurroundings,
  subscribed,
  told,
  type Instance,
  type Running,
  type Socket,
} from './running-notifications.js';
import { newOrder } from './storyteller.js';

describe('live notifications', () => {
  let running: Running;
  let instance: Instance;
  let other: Instance;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    running = await startSurroundings();
    [instance, other] = [await running.start({}, { unheardMs: 700 }), await running.start()];
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) await socket[Symbol.asyncDispose]();
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const open = async (
    userId: string,
    { at = instance, roles = ['customer'] as readonly string[] } = {},
  ): Promise<Socket> => {
    const socket = await at.open({ token: running.tokens.issue({ sub: userId, roles }) });
    sockets.push(socket);
    return socket;
  };

  it('tells the state of an order when one begins to watch it, and then every change', async () => {
    const order = newOrder(randomUUID());
    await running.tells.placed(order);
    const socket = await open(order.owner);
    expect(socket.protocol).toBe('gstore.v1');
    expect((await subscribed(socket, { orderId: order.id })).data).toEqual({ orderId: order.id, recovered: false });
    const state = await socket.frame(({ type }) => type === 'order.status.changed');
    expect(state).toEqual({
      type: 'order.status.changed',
      data: { orderId: order.id, status: 'PENDING', version: 1, at: expect.stringMatching(/^\d{4}-.*Z$/) as unknown },
      position: expect.any(String) as unknown,
    });
    await running.tells.paid(order);
    await socket.frame(({ data }) => data['status'] === 'PAID');
    await running.tells.cancelled(order);
    const cancelled = await socket.frame(({ type }) => type === 'order.cancelled');
    expect(cancelled.data).toMatchObject({ orderId: order.id, reason: 'CHANGED_MIND', version: 3 });
    expect(told(socket)).toEqual(['PENDING 1', 'PAID 2', 'CHANGED_MIND 3']);
  });

  it('tells of a cancelled order as of a cancellation, also to who asks later and on another instance', async () => {
    const order = newOrder(randomUUID());
    await running.tells.placed(order);
    await running.tells.cancelled(order);
    const socket = await open(order.owner, { at: other });
    await subscribed(socket, { orderId: order.id.toUpperCase() });
    expect((await socket.frame(({ type }) => type === 'order.cancelled')).data).toMatchObject({
      orderId: order.id,
      reason: 'CHANGED_MIND',
      version: 2,
    });
  });

  it('says the same of somebody else’s order as of one that does not exist', async () => {
    const foreign = newOrder(randomUUID());
    const unknown = newOrder(randomUUID());
    await running.tells.placed(foreign);
    const socket = await open(randomUUID());
    for (const { id } of [foreign, unknown]) await subscribed(socket, { orderId: id });
    await running.tells.paid(foreign);
    const errors = await eventually(() => {
      const found = socket.frames.filter(({ type }) => type === 'error');
      expect(found).toHaveLength(2);
      return found;
    });
    expect(errors.map(({ data }) => data)).toEqual([
      { code: 'order_not_found', message: 'there is no such order, or it is not yours', orderId: foreign.id },
      { code: 'order_not_found', message: 'there is no such order, or it is not yours', orderId: unknown.id },
    ]);
    expect(told(socket)).toEqual([]);
  });

  it('accepts an order that nobody has heard of yet, and tells it when it comes', async () => {
    const order = newOrder(randomUUID());
    const socket = await open(order.owner, { at: other });
    await subscribed(socket, { orderId: order.id });
    await running.tells.placed(order);
    await socket.frame(({ data }) => data['status'] === 'PENDING');
    expect(socket.frames.map(({ type }) => type)).toEqual(['subscribed', 'order.status.changed']);
  });

  it('tells a customer what is theirs, and staff everything; a customer may not ask for everything', async () => {
    const [ann, bob] = [randomUUID(), randomUUID()];
    const [mine, all] = [await open(ann), await open(randomUUID(), { roles: ['staff'] })];
    await subscribed(mine, { scope: 'mine' });
    await subscribed(all, { scope: 'all' });
    mine.send({ type: 'subscribe', scope: 'all' });
    expect((await mine.frame(({ type }) => type === 'error')).data['code']).toBe('forbidden');
    const [anns, bobs] = [newOrder(ann), newOrder(bob)];
    await running.tells.placed(bobs);
    await running.tells.balance(randomUUID(), bob, 900n);
    await running.tells.placed(anns);
    const wallet = randomUUID();
    await running.tells.balance(wallet, ann, 2n ** 53n - 1n);
    const balance = await mine.frame(({ type }) => type === 'balance.changed');
    expect(balance.data).toMatchObject({
      accountId: wallet,
      balance: Number.MAX_SAFE_INTEGER,
      kind: 'TOP_UP',
      version: 1,
    });
    await all.frame(({ data }) => data['accountId'] === wallet);
    expect(mine.frames.filter(({ type }) => type.includes('.'))).toHaveLength(2);
    expect(all.frames.filter(({ type }) => type.includes('.'))).toHaveLength(4);
    expect(JSON.stringify(mine.frames)).not.toContain(bobs.id);
  });

  it('tells of points, now and in the centre', async () => {
    const owner = randomUUID();
    const socket = await open(owner);
    await subscribed(socket, { scope: 'mine' });
    await running.tells.points(owner, owner, 1_250n);
    const { data } = await socket.frame(({ type }) => type === 'points.changed');
    expect(data).toMatchObject({
      accountId: owner,
      balance: 1_250,
      change: 1_250,
      kind: 'EARNED',
      orderNumber: '18',
      version: 1,
    });
    const http = instance.http(running.tokens.issue({ sub: owner }));
    const { body } = await http.get<{ notifications: readonly object[] }>('/v1/notifications');
    expect(body.notifications).toEqual([expect.objectContaining({ kind: 'points.changed', accountId: owner })]);
  });

  it('goes on exactly where one has stopped, on another instance', async () => {
    const owner = randomUUID();
    const orders = [newOrder(owner), newOrder(owner), newOrder(owner)];
    const before = await open(owner);
    await subscribed(before, { scope: 'mine' });
    for (const order of orders) await running.tells.placed(order);
    await before.frame(({ data }) => data['orderId'] === orders[2]?.id);
    before.terminate();
    for (const order of orders) await running.tells.paid(order);
    const after = await open(owner, { at: other });
    const answer = await subscribed(after, { scope: 'mine', after: lastPosition(before) });
    expect(answer.data).toEqual({ scope: 'mine', recovered: true });
    for (const order of orders) await running.tells.cancelled(order);
    await after.frame(({ type, data }) => type === 'order.cancelled' && data['orderId'] === orders[2]?.id);
    for (const { id } of orders)
      expect([told(before, id), told(after, id)]).toEqual([['PENDING 1'], ['PAID 2', 'CHANGED_MIND 3']]);
  });

  it('says so when it cannot go on from a position, and tells the state anew', async () => {
    const order = newOrder(randomUUID());
    await running.tells.placed(order);
    const socket = await open(order.owner);
    expect((await subscribed(socket, { orderId: order.id, after: 'from-somewhere-else' })).data['recovered']).toBe(
      false,
    );
    await socket.frame(({ data }) => data['status'] === 'PENDING');
  });

  it('takes a republished event for what it is', async () => {
    const order = newOrder(randomUUID());
    const socket = await open(order.owner);
    await subscribed(socket, { scope: 'mine' });
    const record = await running.tells.placed(order);
    for (let again = 0; again < 3; again += 1) await running.tells.tell(record);
    await running.tells.paid(order);
    await socket.frame(({ data }) => data['status'] === 'PAID');
    expect(told(socket)).toEqual(['PENDING 1', 'PAID 2']);
  });

  it('stops telling what one no longer watches', async () => {
    const [kept, left] = [newOrder(randomUUID()), newOrder(randomUUID())].map((order, _, [first]) => ({
      ...order,
      owner: first?.owner ?? '',
    }));
    if (!kept || !left) throw new Error('two orders');
    const socket = await open(kept.owner);
    for (const { id } of [kept, left]) await subscribed(socket, { orderId: id });
    socket.send({ type: 'unsubscribe', orderId: left.id });
    expect((await socket.frame(({ type }) => type === 'unsubscribed')).data).toEqual({ orderId: left.id });
    await running.tells.placed(left);
    await running.tells.placed(kept);
    await socket.frame(({ data }) => data['orderId'] === kept.id && data['status'] === 'PENDING');
    expect(told(socket, left.id)).toEqual([]);
  });

  it('60 of 60 sockets on three instances are told, each once', async () => {
    const third = await running.start();
    const owner = randomUUID();
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, at) => open(owner, { at: [instance, other, third][at % 3] ?? third })),
    );
    await Promise.all(all.map((socket) => subscribed(socket, { scope: 'mine' })));
    const order = newOrder(owner);
    await running.tells.placed(order);
    await running.tells.paid(order);
    await Promise.all(all.map((socket) => socket.frame(({ data }) => data['status'] === 'PAID')));
    expect(all.map((socket) => told(socket).join())).toEqual(all.map(() => 'PENDING 1,PAID 2'));
    await third[Symbol.asyncDispose]();
  });

  it('misses nothing and repeats nothing for a crowd that is cut off and comes back elsewhere', async () => {
    const owners = Array.from({ length: 40 }, () => randomUUID());
    const orders = owners.map(newOrder);
    const before = await Promise.all(owners.map((owner) => open(owner)));
    await Promise.all(before.map((socket, at) => subscribed(socket, { orderId: orders[at]?.id })));
    await running.tells.tell(...orders.map(running.tells.records.placed));
    await Promise.all(before.map((socket) => socket.frame(({ data }) => data['status'] === 'PENDING')));
    for (const socket of before) socket.terminate();
    await running.tells.tell(...orders.map((order) => running.tells.records.moved(order, 'PENDING', 'PAID')));
    const after = await Promise.all(owners.map((owner) => open(owner, { at: other })));
    const goOn = (socket: Socket, at: number) =>
      subscribed(socket, { orderId: orders[at]?.id, after: lastPosition(before[at] as Socket) });
    const answers = await Promise.all(after.map(goOn));
    await Promise.all(after.map((socket) => socket.frame(({ data }) => data['status'] === 'PAID')));
    expect(answers.every(({ data }) => data['recovered'] === true)).toBe(true);
    expect(after.map((socket) => told(socket).join())).toEqual(owners.map(() => 'PAID 2'));
  });
});

describe('the notification centre', () => {
  let running: Running;
  let instance: Instance;
  beforeAll(async () => {
    running = await startSurroundings();
    instance = await running.start();
  });
  afterAll(() => running[Symbol.asyncDispose]());

  interface Page {
    readonly notifications: readonly {
      readonly id: string;
      readonly kind: string;
      readonly orderId?: string;
      readonly readAt?: string;
    }[];
    readonly nextCursor: string | null;
  }
  const person = () => {
    const userId = randomUUID();
    return { userId, http: instance.http(running.tokens.issue({ sub: userId })) };
  };
  const placed = async (owner: string, count: number) => {
    for (let made = 0; made < count; made += 1) await running.tells.placed(newOrder(owner));
  };

  it('lists what happened, newest first, page by page', async () => {
    const { userId, http } = person();
    const order = newOrder(userId);
    await running.tells.placed(order);
    await running.tells.paid(order);
    await running.tells.balance(randomUUID(), userId, 100n);
    await running.tells.cancelled(order);
    const { status, body } = await http.get<Page>('/v1/notifications');
    expect(status).toBe(200);
    expect(body.notifications.map(({ kind }) => kind)).toEqual([
      'order.cancelled',
      'balance.changed',
      'order.status.changed',
      'order.placed',
    ]);
    expect(body.notifications[0]).toMatchObject({ orderId: order.id, data: { reason: 'CHANGED_MIND' } });
    const first = await http.get<Page>('/v1/notifications?limit=3');
    expect(first.headers.get('link')).toContain('rel="next"');
    const second = await http.get<Page>(`/v1/notifications?limit=3&cursor=${first.body.nextCursor}`);
    expect([...first.body.notifications, ...second.body.notifications]).toEqual(body.notifications);
    expect(second.body.nextCursor).toBeNull();
    expect((await http.get('/v1/notifications?cursor=nonsense')).status).toBe(400);
  });

  it('counts what is unread, and marks one or all as read', async () => {
    const { userId, http } = person();
    await placed(userId, 3);
    const count = async () => (await http.get<{ count: number }>('/v1/notifications/unread-count')).body.count;
    expect(await count()).toBe(3);
    const [newest] = (await http.get<Page>('/v1/notifications')).body.notifications;
    for (let again = 0; again < 2; again += 1)
      expect((await http.post(`/v1/notifications/${newest?.id}/read`)).status).toBe(204);
    expect(await count()).toBe(2);
    expect((await http.get<Page>('/v1/notifications')).body.notifications[0]?.readAt).toBeDefined();
    const both = await Promise.all([http.post('/v1/notifications/read-all'), http.post('/v1/notifications/read-all')]);
    expect(both.map(({ status }) => status)).toEqual([204, 204]);
    expect(await count()).toBe(0);
  });

  it('shows and changes nothing of anybody else, staff included', async () => {
    const { userId, http } = person();
    await placed(userId, 1);
    const [own] = (await http.get<Page>('/v1/notifications')).body.notifications;
    const strangers = [person().http, instance.http(running.tokens.issue({ roles: ['staff', 'operator'] }))];
    for (const stranger of strangers) {
      expect((await stranger.get<Page>('/v1/notifications')).body.notifications).toEqual([]);
      const [foreign, missing] = [
        await stranger.post<object>(`/v1/notifications/${own?.id}/read`),
        await stranger.post<object>(`/v1/notifications/${randomUUID()}/read`),
      ];
      expect([foreign.status, missing.status]).toEqual([404, 404]);
      const strip = (body: object) => ({ ...body, instance: '', traceId: '' });
      expect(strip(foreign.body)).toEqual(strip(missing.body));
      await stranger.post('/v1/notifications/read-all');
    }
    expect((await http.get<{ count: number }>('/v1/notifications/unread-count')).body.count).toBe(1);
  });

  it('is for people who are signed in', async () => {
    const anybody = instance.http();
    const statuses = await Promise.all([
      anybody.get('/v1/notifications'),
      anybody.get('/v1/notifications/unread-count'),
      anybody.post('/v1/notifications/read-all'),
      anybody.post(`/v1/notifications/${randomUUID()}/read`),
      anybody.get('/v1/notifications', { staffKey: running.staffKey }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 403]);
    expect((await person().http.post('/v1/notifications/7/read')).status).toBe(400);
  });

  it('holds one line per event, however often the event comes', async () => {
    const { userId, http } = person();
    const record = await running.tells.placed(newOrder(userId));
    await running.tells.tell(record);
    expect((await http.get<Page>('/v1/notifications')).body.notifications).toHaveLength(1);
  });

  it('cannot be rewritten by the service’s own role, only read and marked', async () => {
    const { userId } = person();
    await placed(userId, 1);
    for (const statement of [
      'DELETE FROM notification',
      "UPDATE notification SET data = '{}'",
      "UPDATE order_state SET owner = 'eve'",
      'DELETE FROM order_state',
      'CREATE TABLE t ()',
    ])
      await expect(running.database.pool.query(statement)).rejects.toThrow(/permission denied/);
  });
});
