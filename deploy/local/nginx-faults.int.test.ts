import { readFileSync } from 'node:fs';
import { eventually } from '@g-store/testing';
import { problem, seen, standIn, startGateway, type GatewayUnderTest, type StandIn } from './gateway.fake';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway[Symbol.asyncDispose]());

describe('a service that goes and comes', () => {
  it('is missed while it is away, and found again at once', async () => {
    const first = standInOf('orders');
    await first[Symbol.asyncDispose]();
    const missed = await gateway.ask('/api/orders/v1/orders', { method: 'POST' });
    expect(problem(missed)).toMatchObject({ status: 502, code: 'unavailable' });
    expect(missed.headers['retry-after']).toBe('1');
    gateway.standIns.set('orders', await standIn('orders', first.port));
    expect((await gateway.ask('/api/orders/v1/orders', { method: 'POST' })).status).toBe(200);
  });

  it('is found again on another address, and passed over when only another instance lives', async () => {
    const others = [await standIn('notifications'), await standIn('notifications')];
    await gateway.reload({ upstreams: gateway.upstreamsWith('notifications', others) });
    expect((await answeringBy('/ws/orders/')).size).toBe(3);
    await others[0]?.[Symbol.asyncDispose]();
    expect((await answeringBy('/ws/orders/')).size).toBe(2);
    await others[1]?.[Symbol.asyncDispose]();
    expect((await answeringBy('/ws/orders/')).size).toBe(1);
    await gateway.reload();
  });

  it('is not sent the same order twice when it fails in the middle of one', async () => {
    const other = await standIn('orders');
    await gateway.reload({ upstreams: gateway.upstreamsWith('orders', [other]) });
    expect((await answeringBy('/api/orders/x')).size).toBe(2);
    const calls = () => standInOf('orders').calls() + other.calls();
    const before = calls();
    expect((await gateway.ask('/api/orders/hang-up', { method: 'POST' })).status).toBe(502);
    expect(calls()).toBe(before + 1);
    await other[Symbol.asyncDispose]();
    await gateway.reload();
  });
});

describe('somebody who asks too much', () => {
  afterEach(() => gateway.reload());

  it('is told to wait', async () => {
    await gateway.reload({ limits: { on: true, requestsPerSecond: 1, burst: 3, registrationsPerMinute: 10 } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => gateway.ask('/api/orders/x')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(3);
    for (const answer of refused) {
      expect(problem(answer)).toMatchObject({ code: 'rate_limited' });
      expect(answer.headers['retry-after']).toBe('1');
    }
  });

  it('cannot register people by the dozen, and may do all else meanwhile', async () => {
    await gateway.reload({ limits: { on: true, requestsPerSecond: 1000, burst: 1000, registrationsPerMinute: 2 } });
    const register = (path: string) => gateway.ask(path, { method: 'POST' });
    const answers = [await register('/api/identity/v1/users'), await register('/api/user/register')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const third = await register('/api/identity/v1/users');
    expect([third.status, third.headers['retry-after']]).toEqual([429, '30']);
    expect((await gateway.ask('/api/identity/v1/users')).status).toBe(200);
  });
});

describe('the log of the gateway', () => {
  it('is JSON lines that name request and trace, and hold neither queries nor credentials', async () => {
    const headers = { 'X-Request-ID': 'for-the-log-1', Authorization: 'Bearer canary-token' };
    await gateway.ask('/api/orders/v1/orders?q=canary-query', { headers });
    const line = await eventually(() => {
      const found = readFileSync(gateway.accessLog, 'utf8')
        .split('\n')
        .find((each) => each.includes('for-the-log-1'));
      return found ?? Promise.reject(new Error('not written yet'));
    });
    expect(JSON.parse(line)).toMatchObject({
      service: 'nginx',
      level: 'info',
      status: 200,
      message: 'GET /api/orders/v1/orders 200',
    });
    expect(readFileSync(gateway.accessLog, 'utf8')).not.toMatch(/canary/);
  });
});

function standInOf(service: string): StandIn {
  const found = gateway.standIns.get(service);
  if (found === undefined) throw new Error(`no ${service}`);
  return found;
}

/** The instances that share thirty requests at once; each request is answered, or this fails. */
async function answeringBy(path: string): Promise<ReadonlySet<string | undefined>> {
  const answers = await Promise.all(Array.from({ length: 30 }, () => gateway.ask(path)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  return new Set(answers.map((answer) => seen(answer).headers['x-answered-by']));
}
