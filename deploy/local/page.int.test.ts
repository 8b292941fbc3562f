import { problem, startGateway, type GatewayUnderTest } from './gateway.fake';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway[Symbol.asyncDispose]());

const byBrowser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the page', () => {
  it.each(['/', '/orders', '/orders/0190c5f0-0000-7000-8000-000000000000?tab=history', '/staff/orders'])(
    'is what a browser gets at %s, anew each time',
    async (path) => {
      const { status, headers, text } = await gateway.ask(path, { headers: byBrowser });
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).toContain('the shop');
      expect(headers['cache-control']).toBe('no-store');
    },
  );

  it("may run only its own scripts, speak only to its own origin, and stand in nobody else's frame", async () => {
    const { headers } = await gateway.ask('/wallet', { headers: byBrowser });
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
      ]),
    );
    expect(policy.filter((rule) => /^(script|connect)-src/.test(rule))).toEqual([]);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it('is squeezed, and what has a hash in its name is kept for good', async () => {
    const { headers, text } = await gateway.ask('/assets/page-3f9a.js', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      'content-type': 'text/javascript',
    });
    expect(text.length).toBeLessThan(1_000);
  });

  it('is told what kind of shop it shows', async () => {
    const { headers, text } = await gateway.ask('/config.json');
    expect(JSON.parse(text)).toEqual({ mode: 'demo', currency: 'RUB' });
    expect(headers['cache-control']).toBe('no-store');
  });

  it.each([
    '/api',
    '/api/nowhere/v1/x',
    '/api/user-x',
    '/ws/nowhere',
    '/docs/nowhere',
    '/problems/no_such_code',
    '/assets/page-gone.js',
  ])('is never the answer at %s', async (path) => {
    const answer = await gateway.ask(path, { headers: byBrowser });
    expect(problem(answer)).toMatchObject({ status: 404, code: 'not_found' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each(['/order', '/payment', '/api/orders', '/api/identity'])('leaves %s to its service', async (path) => {
    const { status, headers } = await gateway.ask(path, { headers: byBrowser });
    expect([status, headers.location]).toEqual([301, `${path}/`]);
  });

  it('is not what a program gets that asks for something else', async () => {
    expect(problem(await gateway.ask('/orders'))).toMatchObject({ status: 404 });
    expect(problem(await gateway.ask('/orders', { method: 'POST', headers: byBrowser }))).toMatchObject({
      status: 404,
    });
  });
});
