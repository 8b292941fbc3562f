import { createIntent, isProblem, ShopProblem, ShopUnreachable, type ShopClient } from '../src/index.js';
import { createWorld, json, nothing, problem, type Outcome, type World } from './world.js';

const order = { id: 'o1', status: 'PENDING', version: 1 };

let world: World;
let shop: ShopClient;
beforeEach(async () => {
  world = createWorld();
  shop = world.openTab({ session: 'memory' });
  await shop.session.signIn({ login: 'anna', password: 'secret' });
});
afterEach(() => shop.close());

/** Answers one after the other, the last one for ever, and keeps what was asked. */
function serve(...outcomes: readonly ((request: Request) => Outcome | Promise<Outcome>)[]): Request[] {
  const asked: Request[] = [];
  world.serve((request) => {
    asked.push(request);
    return (outcomes[asked.length - 1] ?? outcomes.at(-1))?.(request) ?? 'cut';
  });
  return asked;
}
const keysOf = (requests: readonly Request[]) => requests.map(({ headers }) => headers.get('idempotency-key'));
/** Waits in the shop's time for what would take a while. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  let done = false;
  const finished = promise.finally(() => (done = true));
  finished.catch(() => undefined);
  while (!done) await world.time.advance(world.time.untilNext() ?? 1);
  return finished;
}
const place = () => shop.orders.post('/v1/orders', { body: { amount: 100 } });
const placed = () => json({ orderId: 'o1' }, 201, { etag: '"1"' });

describe('what the shop answers', () => {
  it('comes with its data, its version and whether it had been done before', async () => {
    serve(() => json({ orderId: 'o1' }, 201, { etag: '"1"', 'idempotency-replayed': 'true' }));
    expect(await place()).toMatchObject({ data: { orderId: 'o1' }, status: 201, etag: '"1"', replayed: true });
  });

  it('is told with the token of whoever is signed in', async () => {
    const asked = serve(placed);
    await place();
    expect(world.identity.userOf(asked[0]?.headers.get('authorization')?.replace('Bearer ', '') ?? '')).toBe('anna');
  });

  it('is empty where nothing is to be said', async () => {
    serve(() => nothing());
    const { data } = await shop.orders.post('/v1/orders/{id}/cancel', { path: { id: 'o 1' } });
    expect(data).toBeUndefined();
    expect(world.asked.at(-1)).toBe('POST /api/orders/v1/orders/o%201/cancel');
  });

  it('is the very same answer as before when nothing has changed', async () => {
    const asked = serve(
      () => json(order, 200, { etag: '"1"' }),
      () => new Response(null, { status: 304, headers: { etag: '"1"' } }),
      () => json({ ...order, version: 2 }, 200, { etag: '"2"' }),
    );
    const read = (previous?: Awaited<ReturnType<typeof shop.orders.get<'/v1/orders/{id}'>>>) =>
      shop.orders.get('/v1/orders/{id}', { path: { id: 'o1' }, previous });
    const first = await read();
    expect(await read(first)).toBe(first);
    expect((await read(first)).data.version).toBe(2);
    expect(asked.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, '"1"', '"1"']);
  });
});

describe('what the shop refuses', () => {
  it('is an error with its code, its fields, when to ask again, and the trace to tell', async () => {
    serve(() => problem(400, 'validation_failed', { errors: [{ pointer: '/amount', detail: 'must be more than 0' }] }));
    const refused = await place().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ShopProblem);
    expect(refused).toMatchObject({ status: 400, code: 'validation_failed', traceId: 't' });
    expect((refused as ShopProblem).at('/amount')).toBe('must be more than 0');
    expect((refused as ShopProblem).at('/items')).toBeUndefined();
  });

  it('is told apart by its code', async () => {
    serve(() => problem(409, 'price_changed'));
    const refused = await place().catch((error: unknown) => error);
    expect(isProblem(refused, 'price_changed', 'balance_limit')).toBe(true);
    expect(isProblem(refused, 'balance_limit')).toBe(false);
    expect(isProblem(new Error('else'))).toBe(false);
  });

  it('has a code even where an older dialect says none', async () => {
    serve(
      () =>
        new Response('No more than 10 requests per minute allowed', { status: 429, headers: { 'retry-after': '60' } }),
    );
    await expect(shop.accrual.get('/api/orders/{number}', { path: { number: '18' } })).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfter: 60,
      detail: 'No more than 10 requests per minute allowed',
    });
  });

  it('tells the version that is there when the one that was meant is gone', async () => {
    const asked = serve(() => problem(412, 'version_conflict', { headers: { etag: '"7"' } }));
    const moved = shop.orders.patch('/v1/staff/orders/{id}/status', {
      path: { id: 'o1' },
      body: { status: 'ASSEMBLING' },
      ifMatch: '"6"',
    });
    await expect(moved).rejects.toMatchObject({ code: 'version_conflict', etag: '"7"' });
    expect(asked[0]?.headers.get('if-match')).toBe('"6"');
  });
});

describe('when a connection breaks after the shop has acted', () => {
  it('the same key asks again, and the order is placed once', async () => {
    const orders = new Set<string | null>();
    const act = (request: Request) => void orders.add(request.headers.get('idempotency-key'));
    const asked = serve(
      (request) => (act(request), 'cut'),
      (request) => (act(request), problem(409, 'idempotency_key_in_use')),
      (request) => (act(request), placed()),
    );
    expect((await settled(place())).data.orderId).toBe('o1');
    expect([asked.length, orders.size]).toEqual([3, 1]);
  });

  it('an answer that breaks off in the middle is none', async () => {
    const half = () =>
      new Response(
        new ReadableStream({
          start: (stream) => (stream.enqueue(new Uint8Array([123])), stream.error(new TypeError('terminated'))),
        }),
        {
          status: 201,
          headers: { 'content-type': 'application/json' },
        },
      );
    const asked = serve(half, placed);
    expect((await settled(place())).data.orderId).toBe('o1');
    expect(new Set(keysOf(asked)).size).toBe(1);
  });

  it('what takes no key is not sent twice', async () => {
    const asked = serve(() => 'cut');
    await expect(settled(shop.notifications.post('/v1/notifications/read-all'))).rejects.toThrow(ShopUnreachable);
    expect(asked).toHaveLength(1);
  });

  it('what is only read is asked again', async () => {
    const asked = serve(
      () => 'cut',
      () => json({ count: 3 }),
    );
    expect((await settled(shop.notifications.get('/v1/notifications/unread-count'))).data.count).toBe(3);
    expect(asked).toHaveLength(2);
  });
});

describe('when the shop is busy', () => {
  it.each([429, 503])('%i is waited out for as long as it asks', async (status) => {
    const at: number[] = [];
    const noted = (outcome: () => Response) => () => (at.push(world.time.monotonicMs()), outcome());
    serve(
      noted(() =>
        problem(status, status === 429 ? 'rate_limited' : 'unavailable', { headers: { 'retry-after': '3' } }),
      ),
      noted(placed),
    );
    await settled(place());
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(3_000);
  });

  it('a wait that nobody would bear is left to the caller, who can show it', async () => {
    const asked = serve(() => problem(429, 'rate_limited', { headers: { 'retry-after': '30' } }));
    await expect(place()).rejects.toMatchObject({ retryAfter: 30 });
    expect(asked).toHaveLength(1);
  });

  it('it is not asked for ever', async () => {
    const asked = serve(() => problem(503, 'unavailable', { headers: { 'retry-after': '0' } }));
    await expect(settled(place())).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked).toHaveLength(5);
    expect(new Set(keysOf(asked)).size).toBe(1);
  });

  it('a shop that never answers is given up', async () => {
    serve(() => new Promise<never>(() => undefined));
    await expect(settled(place())).rejects.toThrow(ShopUnreachable);
  });

  it('whoever asked may stop waiting', async () => {
    serve(() => problem(503, 'unavailable', { headers: { 'retry-after': '5' } }));
    const stop = new AbortController();
    const waiting = shop.orders.post('/v1/orders', { body: { amount: 1 }, signal: stop.signal });
    waiting.catch(() => undefined);
    await world.time.advance(1_000);
    stop.abort(new Error('changed my mind'));
    await expect(waiting).rejects.toThrow('changed my mind');
    expect(world.time.pending()).toBe(0);
  });
});

describe('an intent', () => {
  const body = { amount: 100 };

  it('of a double click places one order', async () => {
    const asked = serve(placed);
    const intent = createIntent();
    await Promise.all([
      shop.orders.post('/v1/orders', { body, intent }),
      shop.orders.post('/v1/orders', { body, intent }),
    ]);
    expect(new Set(keysOf(asked)).size).toBe(1);
  });

  it('outlives an attempt that came to nothing, and ends with an answer', async () => {
    const asked = serve(() => 'cut');
    const intent = createIntent();
    const submit = () => settled(shop.orders.post('/v1/orders', { body, intent }));
    await expect(submit()).rejects.toThrow(ShopUnreachable);
    await expect(submit()).rejects.toThrow(ShopUnreachable);
    expect(new Set(keysOf(asked)).size).toBe(1);
    const answered = serve(placed);
    await submit();
    await submit();
    expect(new Set([...keysOf(asked), ...keysOf(answered)]).size).toBe(2);
  });

  it('is another one when something else is asked for', async () => {
    const asked = serve(() => 'cut');
    const intent = createIntent();
    await settled(shop.orders.post('/v1/orders', { body, intent })).catch(() => undefined);
    await settled(shop.orders.post('/v1/orders', { body: { amount: 200 }, intent })).catch(() => undefined);
    expect(new Set(keysOf(asked)).size).toBe(2);
  });

  it('is over when the shop has refused', async () => {
    const asked = serve(() => problem(409, 'account_exists'));
    const intent = createIntent();
    const open = () => shop.payments.post('/v1/accounts', { intent }).catch(() => undefined);
    await open();
    await open();
    expect(new Set(keysOf(asked)).size).toBe(2);
  });
});

describe('a list', () => {
  const page = (request: Request) => {
    const cursor = new URL(request.url).searchParams.get('cursor');
    const orders = cursor === null ? [{ id: 'a' }, { id: 'b' }] : [{ id: 'c' }];
    return json({ orders, total: 3, page: 1, limit: 2, nextCursor: cursor === null ? 'n' : null });
  };

  it('is walked thing by thing, page after page', async () => {
    serve(page);
    const ids: string[] = [];
    for await (const { id } of shop.orders.each('/v1/orders', { query: { limit: 2 } })) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
  });

  it('asks for no page that nobody wants', async () => {
    const asked = serve(page);
    for await (const { id } of shop.orders.each('/v1/orders')) if (id === 'a') break;
    expect(asked).toHaveLength(1);
  });
});
