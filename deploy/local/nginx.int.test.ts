import { problem, seen, startGateway, type GatewayUnderTest } from './gateway.fake';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway[Symbol.asyncDispose]());

describe('what a service may believe', () => {
  it('is never told by a client who it is', async () => {
    const seen = await gateway.seenBy('/api/orders/v1/orders', { 'X-User-ID': 'somebody-else', 'x-user-id': 'again' });
    expect(seen.headers['x-user-id']).toBeUndefined();
    expect(seen.path).toBe('/v1/orders');
  });

  it('is where the request came from, whatever the client wrote about that', async () => {
    const forged = {
      'X-Forwarded-For': '10.9.9.9',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'evil',
      'X-Forwarded-Prefix': '/evil',
      Forwarded: 'for=10.9.9.9',
      'X-Real-IP': '10.9.9.9',
    };
    const { headers } = await gateway.seenBy('/api/payments/v1/accounts/mine', forged);
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `127.0.0.1:${gateway.port}`,
      'x-forwarded-prefix': '/api/payments',
    });
    expect([headers['forwarded'], headers['x-real-ip']]).toEqual([undefined, undefined]);
    expect((await gateway.seenBy('/order/get', forged)).headers['x-forwarded-prefix']).toBeUndefined();
  });

  it('includes the request id of a careful client, and a new one instead of a bad one', async () => {
    const good = await gateway.ask('/api/orders/x', { headers: { 'X-Request-ID': 'checkout-42-a' } });
    expect([good.headers['x-request-id'], seen(good).headers['x-request-id']]).toEqual([
      'checkout-42-a',
      'checkout-42-a',
    ]);
    const bad = await gateway.ask('/api/orders/x', { headers: { 'X-Request-ID': '"},{"level":"fatal' } });
    expect(bad.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(seen(bad).headers['x-request-id']).toBe(bad.headers['x-request-id']);
  });

  it('includes a trace that goes on from the client, or begins here', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect((await gateway.seenBy('/api/orders/x', { traceparent })).headers['traceparent']).toBe(traceparent);
    expect((await gateway.seenBy('/api/orders/x', { traceparent: 'nonsense' })).headers['traceparent']).toMatch(
      /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/,
    );
  });
});

describe('which service answers', () => {
  it.each([
    ['/api/orders/v1/orders?limit=2', 'orders', '/v1/orders?limit=2'],
    ['/order/create/7', 'orders', '/order/create/7'],
    ['/api/payments/swagger/index.html', 'payments', '/swagger/index.html'],
    ['/payment/account/get', 'payments', '/payment/account/get'],
    ['/api/identity/.well-known/jwks.json', 'identity', '/.well-known/jwks.json'],
    ['/api/user/login', 'identity', '/api/user/login'],
    ['/api/user/register', 'identity', '/api/user/register'],
    ['/api/user/balance', 'points', '/api/user/balance'],
    ['/api/user/orders', 'points', '/api/user/orders'],
    ['/api/points/v1/point/7/latest', 'points', '/v1/point/7/latest'],
    ['/api/points/docs/', 'points', '/docs/'],
    ['/api/points/', 'points', '/'],
    ['/api/accrual/api/orders/18', 'accrual', '/api/orders/18'],
    ['/api/notifications/v1/notifications', 'notifications', '/v1/notifications'],
    ['/ws/orders/', 'notifications', '/ws'],
    ['/ws/orders', 'notifications', '/ws'],
  ])('%s is answered by %s', async (asked, service, path) => {
    expect(seen(await gateway.ask(asked))).toMatchObject({ service, path });
  });

  it('keeps an encoded path encoded, and never lets one climb out of its service', async () => {
    expect((await gateway.seenBy('/api/orders/v1/orders/a%20b%0d%0aX-User-ID:%201')).path).toBe(
      '/v1/orders/a%20b%0D%0AX-User-ID:%201',
    );
    expect((await gateway.ask('/order/%2e%2e/livez')).status).toBe(404);
  });

  it.each([
    '/api/orders/livez',
    '/api/payments/readyz',
    '/api/identity/metrics',
    '/api/orders/metrics/',
    '/api/orders//livez',
    '/api//orders/livez',
    '/api/orders/%6c%69vez',
    '/api/orders%2flivez',
    '/api/orders/%2Flivez',
    '/api/orders/x/../livez',
    '/api/orders/./livez',
    '/api/orders/LIVEZ',
    '/api/orders/livez%2f',
    '/api/orders/livez?x=1',
    '/api/points/metrics',
  ])('hides %s from the outside', async (path) => {
    expect(problem(await gateway.ask(path))).toMatchObject({ status: 404, code: 'not_found' });
  });
});

describe('what a client reads when the gateway itself answers', () => {
  it('is a problem with every field that services give', async () => {
    const answer = await gateway.ask('/nowhere/at/all?token=secret', {
      headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.text)).toEqual({
      type: '/problems/not_found',
      title: 'There is no such thing',
      status: 404,
      detail: 'there is nothing at this address',
      instance: '/nowhere/at/all',
      code: 'not_found',
      error: 'there is nothing at this address',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
  });

  it('stays JSON when the address holds quotes', async () => {
    const text = await gateway.raw(`GET /a"b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(JSON.parse(bodyOf(text))).toMatchObject({ code: 'not_found', instance: '/' });
  });

  it('says so when a body is too large, announced or not', async () => {
    const body = Buffer.alloc(64 * 1024 + 1, 'x');
    expect(problem(await gateway.ask('/api/orders/v1/orders', { method: 'POST', body }))).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
    const chunked = { method: 'POST', body, headers: { 'transfer-encoding': 'chunked' } };
    expect(problem(await gateway.ask('/api/orders/v1/orders', chunked))).toMatchObject({ status: 413 });
    const most = await gateway.ask('/api/orders/v1/orders', { method: 'POST', body: body.subarray(1) });
    expect(seen(most).method).toBe('POST');
  });

  it('says so when the address, the headers or the method will not do', async () => {
    expect(problem(await gateway.ask(`/${'x'.repeat(17_000)}`))).toMatchObject({
      status: 414,
      code: 'payload_too_large',
    });
    expect(problem(await gateway.ask('/', { headers: { 'X-Long': 'x'.repeat(17_000) } }))).toMatchObject({
      status: 431,
      code: 'payload_too_large',
    });
    const wrong = await gateway.ask('/docs/', { method: 'POST' });
    expect(problem(wrong)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(wrong.headers.allow).toBe('GET, HEAD');
  });

  it.each([
    ['no request at all', 'nonsense\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two lengths', 'POST /api/orders/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc'],
    [
      'a length and chunks',
      'POST /api/orders/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['chunks that are none', 'POST /api/orders/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('is a 400 for %s, and no service sees it', async (_what, bytes) => {
    const before = gateway.standIns.get('orders')?.calls();
    const text = await gateway.raw(bytes);
    expect(JSON.parse(bodyOf(text))).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(gateway.standIns.get('orders')?.calls()).toBe(before);
  });

  it('never tells the version of nginx, and always how to treat the answer', async () => {
    const { headers } = await gateway.ask('/nowhere');
    expect(headers).toMatchObject({
      server: 'nginx',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
  });

  it('is a page for each code that a problem points at', async () => {
    const answer = await gateway.ask('/problems/price_changed');
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await gateway.ask('/docs/')).text).toContain('/api/payments/swagger/index.html');
  });

  it('are the events too: as a map and tables for people, as AsyncAPI for programs', async () => {
    expect((await gateway.ask('/docs/')).text).toContain('<a href="/docs/events">');
    const { status, text } = await gateway.ask('/docs/events');
    expect([status, text.includes('<svg class="map"'), text.includes('PaymentProcessed')]).toEqual([200, true, true]);
    const document = await gateway.ask('/docs/asyncapi.json');
    expect(document.headers['content-type']).toContain('application/json');
    expect(JSON.parse(document.text)).toMatchObject({ asyncapi: '3.0.0' });
  });
});

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    gateway.ask('/api/orders/v1/orders', {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    });

  it('may call when their origin is on the list', async () => {
    const { status, headers } = await preflight('http://localhost:3000');
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers':
        'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-User-ID, X-Staff-API-Key, traceparent',
      vary: 'Origin',
    });
    const answer = await gateway.ask('/api/orders/x', { headers: { Origin: 'http://localhost:3000' } });
    // The service says it too; a browser refuses an answer that says it twice.
    expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:3000');
    expect(answer.headers['access-control-expose-headers']).toBe(
      'ETag, Location, Link, Retry-After, Idempotency-Replayed',
    );
  });

  it.each(['http://localhost:3001', 'http://localhost:3000.evil.example', 'https://localhost:3000', 'null'])(
    'may not call from %s',
    async (origin) => {
      const answers = [await preflight(origin), await gateway.ask('/api/orders/x', { headers: { Origin: origin } })];
      for (const { headers } of answers)
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    },
  );

  it('read a problem of the gateway as well', async () => {
    const { headers } = await gateway.ask('/api/nobody/x', { headers: { Origin: 'http://localhost:3000' } });
    expect(headers['access-control-allow-origin']).toBe('http://localhost:3000');
  });
});

describe('a websocket', () => {
  it('passes through, both ways', async () => {
    const text = await gateway.raw(
      'GET /ws/orders/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Protocol: gstore.v1, bearer.abc\r\n\r\nhello',
      'HELLO',
    );
    expect(text).toMatch(/^HTTP\/1\.1 101 /);
    expect(text).toContain('Sec-WebSocket-Protocol: gstore.v1, bearer.abc');
  });

  it('is the only upgrade there is, and only there', async () => {
    const upgrade = (value: string) => ({ Connection: 'Upgrade', Upgrade: value });
    expect((await gateway.seenBy('/ws/orders/', upgrade('h2c'))).headers['upgrade']).toBeUndefined();
    expect((await gateway.seenBy('/api/orders/x', upgrade('websocket'))).headers['upgrade']).toBeUndefined();
  });
});

const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4);
