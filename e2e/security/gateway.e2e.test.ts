import { randomUUID } from 'node:crypto';
import { http } from '../shop';
import { gateway, portOf } from '../stack';
import { services } from './answers';
import { shopper, type Shopper } from './cast';
import { request, sendRaw, statusesIn } from './wire';

jest.setTimeout(60_000);

let anna: Shopper;
beforeAll(async () => {
  anna = await shopper();
});

const host = 'Host: 127.0.0.1';

describe('what a service tells its operators', () => {
  const probes = ['livez', 'readyz', 'metrics'];
  const spellings = (service: string, probe: string): readonly string[] => {
    const coded = [...probe].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
    return [
      `/api/${service}/${probe}`,
      `/api/${service}/${probe}/`,
      `/api/${service}/${probe}?x=1`,
      `/api/${service}/${probe.toUpperCase()}`,
      `/api/${service}//${probe}`,
      `//api//${service}//${probe}`,
      `/api/${service}/./${probe}`,
      `/api/${service}/v1/../${probe}`,
      `/api/${service}/v1/%2e%2e/${probe}`,
      `/api/${service}/v1/..%2f${probe}`,
      `/api/${service}%2f${probe}`,
      `/api/${service}/%2f${probe}`,
      `/api/${service}/${coded}`,
      `/api/%6frders/${coded}`,
      `/api/${service}/%25${coded.slice(1)}`,
      `/api/${service}/${probe}%00`,
      `/api/${service}/${probe}%20`,
      `/api/${service}/${probe};x`,
      `/api/${service}/${probe}%3fx`,
      `/api/${service}/${probe}%23x`,
      `/api/${service}/swagger/../${probe}`,
      `/api/none/../${service}/${probe}`,
      `http://127.0.0.1/api/${service}/${probe}`,
      `/order/../${probe}`,
      `/order/%2e%2e/${probe}`,
      `/order/..%2f${probe}`,
      `/payment/..;/${probe}`,
      `/ws/orders/../${probe}`,
      `/${probe}`,
    ];
  };

  it.each(services)('%s: is not told at the gateway, however it is spelt', async (service) => {
    const asked = probes.flatMap((probe) => spellings(service, probe));
    const answers = await Promise.all(
      asked.map(async (target) => {
        const heard = await sendRaw(request([`GET ${target} HTTP/1.1`, host, 'Connection: close']));
        return [target, heard] as const;
      }),
    );
    const told = answers.filter(
      ([, heard]) => ![400, 401, 404].includes(statusesIn(heard)[0] ?? 0) || /# HELP|"ready"|\r\n\r\nok/.test(heard),
    );
    expect(told).toEqual([]);
  });

  it('is told at the service itself', async () => {
    const readyz = await fetch(`${portOf(8_080)}/readyz`);
    expect([readyz.status, await readyz.json()]).toMatchObject([200, { ready: true }]);
  });
});

describe('what a client says of where it comes from', () => {
  const lies = {
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-prefix': '/api/payments',
    'x-forwarded-port': '444',
    forwarded: 'for=203.0.113.7;host=evil.example;proto=https',
    'x-real-ip': '203.0.113.7',
    'x-original-url': '/v1/operations/status',
    'x-rewrite-url': '/v1/operations/status',
    'x-http-method-override': 'DELETE',
    'x-user-id': randomUUID(),
  };

  it('changes neither links nor cookies nor who they are', async () => {
    const placed = await http.post<{ orderId: string }>(
      '/api/orders/v1/orders',
      { amount: 1 },
      { token: anna.token, headers: lies },
    );
    expect([placed.status, placed.headers.get('location')]).toEqual([
      201,
      `/api/orders/v1/orders/${placed.body.orderId}`,
    ]);
    const me = await http.get('/api/identity/v1/users/me', { token: anna.token, headers: lies });
    expect(me.body).toMatchObject({ id: anna.id });
    const { login, password } = anna;
    const session = await http.post('/api/identity/v1/sessions', { login, password, cookie: true }, { headers: lies });
    expect(session.headers.get('set-cookie')).not.toContain('Secure');
    const page = await http.get('/api/orders/v1/orders?limit=1', { token: anna.token, headers: lies });
    expect(page.headers.get('link')).toMatch(/^<\/api\/orders\/v1\/orders\?/);
    expect(JSON.stringify([...placed.headers, ...session.headers, ...page.headers])).not.toContain('evil');
  });

  it('does not help against the pause after wrong passwords', async () => {
    const boris = await shopper();
    const attempt = (index: number) =>
      http.post(
        '/api/identity/v1/sessions',
        { login: boris.login, password: 'wrong-password' },
        { headers: { 'x-forwarded-for': `203.0.113.${index}`, forwarded: `for=203.0.113.${index}` } },
      );
    const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => attempt(index)));
    const paused = replies.filter(({ status }) => status === 429);
    expect(paused.length).toBeGreaterThanOrEqual(14);
    expect(paused.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
  });
});

describe('a page', () => {
  const from = (origin: string) => ({ token: anna.token, headers: { origin } });
  const preflight = (origin: string) =>
    fetch(`${gateway}/api/orders/v1/orders`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, idempotency-key',
      },
    });

  it.each(['http://localhost', 'http://localhost:3000', 'http://127.0.0.1:8000', gateway])(
    'of %s may call and read',
    async (origin) => {
      const { headers } = await http.get('/api/orders/v1/orders', from(origin));
      expect([headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')]).toEqual([
        origin,
        'true',
      ]);
      expect(headers.get('vary')).toContain('Origin');
      expect(headers.get('access-control-expose-headers')).toContain('Idempotency-Replayed');
      const asked = await preflight(origin);
      expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
      expect(asked.headers.get('access-control-allow-methods')).toContain('PATCH');
      expect(asked.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    },
  );

  it.each([
    'http://evil.example',
    'null',
    'http://localhost.evil.example',
    'http://localhost:30000',
    'http://evil.example#http://localhost',
    'http://localhost@evil.example',
    'https://localhost',
    'HTTP://LOCALHOST:3000/',
    'http://127.0.0.1.evil.example:8000',
    'file://',
  ])('of %s learns nothing, and does nothing with a cookie', async (origin) => {
    const replies = [
      await http.get('/api/orders/v1/orders', from(origin)),
      await http.get('/api/orders/v1/none', from(origin)),
      await preflight(origin),
    ];
    for (const { headers } of replies) {
      const granted = [...headers.keys()].filter((name) => name.startsWith('access-control-'));
      expect(granted).toEqual([]);
    }
    for (const send of [
      http.post('/api/identity/v1/sessions/refresh', { cookie: true }, cookieFrom(origin)),
      http.delete('/api/identity/v1/sessions/current', undefined, cookieFrom(origin)),
      http.post(
        '/api/identity/v1/sessions',
        { login: anna.login, password: anna.password, cookie: true },
        { headers: { origin } },
      ),
    ])
      expect((await send).status).toBe(403);
  });

  const cookieFrom = (origin: string) => ({ headers: { origin, cookie: `gstore_refresh=${'x'.repeat(43)}` } });
});
