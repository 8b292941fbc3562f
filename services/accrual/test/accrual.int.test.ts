import { randomUUID } from 'node:crypto';
import { eventually } from '@g-store/testing';
import type { HttpClient } from '@g-store/testing';
import { newNumber, startAccrualForTest } from './running-accrual.js';
import type { RunningAccrual } from './running-accrual.js';

let accrual: RunningAccrual;
beforeAll(async () => (accrual = await startAccrualForTest()));
afterAll(() => accrual?.[Symbol.asyncDispose]());

const json = { headers: { 'content-type': 'application/json' } };
const kettle = (price: number, name = 'Bork') => ({ description: `Чайник ${name}`, price });
const rule = (match: string) => ({ match, reward: 5, reward_type: '%' });
const numbers = (n: number): string[] => Array.from({ length: n }, newNumber);

interface Calculation {
  readonly order: string;
  readonly status: string;
  readonly accrual?: number;
}

const decided = (number: string, http: HttpClient = accrual.machine) =>
  eventually(
    async () => {
      const { status, body, text } = await http.get<Calculation>(`/api/orders/${number}`);
      expect([status, ['PROCESSED', 'INVALID'].includes(body?.status)]).toEqual([200, true]);
      return text;
    },
    { within: 20_000 },
  );

describe('a reward for goods', () => {
  it('is added once for each match', async () => {
    const match = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => accrual.machine.post<{ error?: string }>('/api/goods', rule(match))),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)]);
    expect(replies.find(({ status }) => status === 409)?.body.error).toBe('there is a reward for this match already');
  });

  it.each([
    ['an empty match', { match: '', reward: 5, reward_type: '%' }],
    ['no match', { reward: 5, reward_type: '%' }],
    ['nothing', { match: 'x', reward: 0, reward_type: '%' }],
    ['less than nothing', { match: 'x', reward: -1, reward_type: 'pt' }],
    ['three decimals', { match: 'x', reward: 1.005, reward_type: 'pt' }],
    ['a number in quotes', { match: 'x', reward: '5', reward_type: 'pt' }],
    ['another kind', { match: 'x', reward: 5, reward_type: 'RUB' }],
    ['something more', { match: 'x', reward: 5, reward_type: 'pt', more: 1 }],
  ])('of %s is not taken', async (_what, body) => {
    expect((await accrual.machine.post('/api/goods', body)).status).toBe(400);
  });
});

describe('a registered order', () => {
  it('earns 729.98 points for 14599.50 at 5 %', async () => {
    const match = randomUUID();
    await accrual.machine.post('/api/goods', rule(match));
    const [number = ''] = numbers(1);
    const goods = [{ description: `Чайник ${match}`, price: 14599.5 }];
    expect((await accrual.machine.post('/api/orders', { order: number, goods })).status).toBe(202);
    expect(await decided(number)).toBe(`{"order":"${number}","status":"PROCESSED","accrual":729.98}`);
  });

  it('counts prices to the last hundredth, where a float would not', async () => {
    const match = randomUUID();
    await accrual.machine.post('/api/goods', { match, reward: 100, reward_type: '%' });
    const [number = ''] = numbers(1);
    const body = `{"order":"${number}","goods":[{"description":"${match}","price":0.1},{"description":"${match}","price":2e-1}]}`;
    expect((await accrual.machine.post('/api/orders', body, json)).status).toBe(202);
    expect(await decided(number)).toContain('"accrual":0.3}');
  });

  it('is invalid when no reward meets its goods', async () => {
    const [number = ''] = numbers(1);
    await accrual.machine.post('/api/orders', { order: number, goods: [kettle(100, randomUUID())] });
    expect(await decided(number)).toBe(`{"order":"${number}","status":"INVALID"}`);
  });

  it('is taken once, however many send it', async () => {
    const [order = ''] = numbers(1);
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, i) => accrual.machine.post('/api/orders', { order, goods: [kettle(i + 1)] })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([202, ...Array(19).fill(409)]);
  });

  it.each([
    ['a wrong check digit', { order: '12345678900', goods: [kettle(1)] }],
    ['no digits', { order: 'abc', goods: [kettle(1)] }],
    ['256 digits', { order: '0'.repeat(256), goods: [kettle(1)] }],
    ['10,000 digits', { order: '0'.repeat(10_000), goods: [kettle(1)] }],
    ['a number that is none', { order: 12345678903, goods: [kettle(1)] }],
    ['no goods', { order: '12345678903' }],
    ['goods for less than nothing', { order: '12345678903', goods: [kettle(-1)] }],
    ['a price of three decimals', { order: '12345678903', goods: [kettle(1.005)] }],
    ['a price in quotes', { order: '12345678903', goods: [{ description: 'x', price: '1' }] }],
  ])('of %s is not taken', async (_what, body) => {
    expect((await accrual.machine.post('/api/orders', body)).status).toBe(400);
  });

  it('that nobody has registered is answered with nothing', async () => {
    for (const number of [newNumber(), '12345678900', '0'.repeat(300), 'abc']) {
      const { status, text } = await accrual.machine.get(`/api/orders/${number}`);
      expect([status, text]).toEqual([204, '']);
    }
  });

  it('is worked out with 300 others at once, each once', async () => {
    const match = randomUUID();
    await accrual.machine.post('/api/goods', { match, reward: 10, reward_type: 'pt' });
    const many = numbers(300);
    await Promise.all(
      many.map((order) => accrual.machine.post('/api/orders', { order, goods: [{ description: match, price: 1 }] })),
    );
    const all = await Promise.all(many.map((number) => decided(number)));
    expect(all.every((text) => text.endsWith('"status":"PROCESSED","accrual":10}'))).toBe(true);
  });

  it('stays decided: not even the service itself could decide it again', async () => {
    const [number = ''] = numbers(1);
    await accrual.machine.post('/api/orders', { order: number, goods: [kettle(100, randomUUID())] });
    await decided(number);
    const again = accrual.database.pool.query(
      `UPDATE reward_order SET status = 'PROCESSED', reward = 1 WHERE number = $1`,
      [number],
    );
    await expect(again).rejects.toMatchObject({ constraint: 'decided_once' });
  });
});

describe('an order of our own shop', () => {
  const placed = async (value: object) => {
    const match = randomUUID();
    await accrual.machine.post('/api/goods', { match, reward: 5, reward_type: '%' });
    const order = { id: randomUUID(), owner: randomUUID(), number: newNumber(), match };
    const base = { number: order.number, amount: 1_459_950n, currency: 'RUB', pointsToSpend: 0n, items: [] };
    await accrual.tell(order, 1, 'created', { ...base, description: `a kettle ${match}`, ...value });
    await accrual.heard(order.id, 1);
    return order;
  };
  const issued = async (order: { id: string; owner: string }, version = 2) => {
    const told = await accrual.tell(order, version, 'statusChanged', {
      from: 'DELIVERING',
      to: 'ISSUED',
      actor: 'staff',
    });
    await accrual.heard(order.id, version);
    return told;
  };

  it('is not known to anybody until it is issued, then earns its owner a reward, told once', async () => {
    const order = await placed({});
    await accrual.tell(order, 2, 'statusChanged', { from: 'PENDING', to: 'PAID', actor: 'payments' });
    await accrual.heard(order.id, 2);
    expect((await accrual.machine.get(`/api/orders/${order.number}`)).status).toBe(204);
    const { eventId: causationId, correlationId } = await issued(order, 3);
    const [told, ...more] = await accrual.rewards(order.number);
    expect(told?.value).toEqual({ orderNumber: order.number, orderId: order.id, points: 72_998n });
    expect(told?.meta).toMatchObject({ aggregateVersion: 1, owner: order.owner, causationId, correlationId });
    expect(more).toEqual([]);
    const { body, headers } = await accrual.machine.get(`/api/orders/${order.number}`);
    expect(body).toEqual({ order: order.number, status: 'PROCESSED', accrual: 729.98 });
    expect(headers.get('g-store-owner')).toBe(order.owner);
  });

  it('earns for all of its items, and their pieces', async () => {
    const match = randomUUID();
    await accrual.machine.post('/api/goods', { match, reward: 10, reward_type: '%' });
    const items = [
      { description: match, price: 100_00n, quantity: 3 },
      { description: 'bread', price: 50_00n, quantity: 1 },
    ];
    const order = await placed({ items, amount: 350_00n });
    await issued(order);
    expect((await accrual.rewards(order.number))[0]?.value.points).toBe(30_00n);
  });

  it('tells a reward of 0 when nothing meets it', async () => {
    const order = await placed({ description: 'bread' });
    await issued(order);
    expect((await accrual.rewards(order.number))[0]?.value.points).toBe(0n);
  });

  it('cannot be registered with other goods by its number', async () => {
    const { number } = await placed({});
    expect((await accrual.machine.post('/api/orders', { order: number, goods: [kettle(1e9)] })).status).toBe(409);
  });

  it('that is cancelled earns nothing for ever', async () => {
    const order = await placed({});
    const cancelled = { reason: 'CHANGED_MIND', source: 'CUSTOMER', previousStatus: 'PENDING', actor: 'u' } as const;
    await accrual.tell(order, 2, 'cancelled', cancelled);
    await accrual.heard(order.id, 2);
    expect(await decided(order.number)).toContain('"INVALID"');
  });
});

describe('who may ask', () => {
  const routes = [
    (http: HttpClient) => http.post('/api/goods', rule(randomUUID())),
    (http: HttpClient) => http.post('/api/orders', { order: newNumber(), goods: [kettle(1)] }),
    (http: HttpClient) => http.get(`/api/orders/${newNumber()}`),
  ];
  const statuses = async (http: HttpClient) => Promise.all(routes.map(async (ask) => (await ask(http)).status));

  it('is staff, and a machine of the scope accrual', async () => {
    expect(await statuses(accrual.staff)).toEqual([200, 202, 204]);
    expect(await statuses(accrual.machine)).toEqual([200, 202, 204]);
    expect(await statuses(accrual.customer)).toEqual([403, 403, 403]);
    expect(await statuses(accrual.stranger)).toEqual([403, 403, 403]);
    expect(await statuses(accrual.anonymous)).toEqual([401, 401, 401]);
  });
});

describe('an open accrual system that answers 3 questions a minute', () => {
  let open: RunningAccrual;
  beforeAll(async () => (open = await startAccrualForTest({ perMinute: 3, open: true })));
  afterAll(() => open?.[Symbol.asyncDispose]());

  it('serves everybody, and tells who asks too often to come back in a minute', async () => {
    const order = newNumber();
    expect((await open.anonymous.post('/api/goods', rule('Bork'))).status).toBe(200);
    expect((await open.anonymous.post('/api/orders', { order, goods: [kettle(1)] })).status).toBe(202);
    const ask = () => open.anonymous.get(`/api/orders/${order}`);
    expect([await ask(), await ask(), await ask()].map(({ status }) => status)).toEqual([200, 200, 200]);
    const { status, text, headers } = await ask();
    expect([status, text]).toEqual([429, 'No more than 3 requests per minute allowed']);
    expect([headers.get('content-type'), headers.get('retry-after')]).toEqual(['text/plain', '60']);
  });
});
