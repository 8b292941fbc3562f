import { randomUUID } from 'node:crypto';
import { expectStatus, http } from '../shop';
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
const doors = [
  ['the gateway', gateway, '/api/payments'],
  ['payments itself', portOf(8_081), ''],
] as const;

describe.each(doors)('at %s, a request that two could read differently', (_door, to, prefix) => {
  const account = () => `${prefix}/v1/accounts/${anna.accountId}`;
  const topUp = '{"amount":1}';
  /** What a smuggler would like to be taken for a request of its own: it would be told by the balance. */
  const hidden = () =>
    request(
      [
        `PATCH ${account()} HTTP/1.1`,
        host,
        `Authorization: Bearer ${anna.token}`,
        'Content-Type: application/json',
        `Content-Length: ${topUp.length}`,
      ],
      topUp,
    );
  const outer = (...lines: readonly string[]): readonly string[] => [
    `POST ${prefix}/v1/accounts HTTP/1.1`,
    host,
    'Content-Type: application/json',
    ...lines,
  ];
  const chunked = () => `0\r\n\r\n${hidden()}`;

  const tricks: Readonly<Record<string, () => string>> = {
    'both lengths': () => request(outer('Content-Length: 4', 'Transfer-Encoding: chunked'), chunked()),
    'both lengths, the other first': () => request(outer('Transfer-Encoding: chunked', 'Content-Length: 4'), chunked()),
    'two lengths': () => request(outer('Content-Length: 0', `Content-Length: ${hidden().length}`), hidden()),
    'a list of lengths': () => request(outer(`Content-Length: 0, ${hidden().length}`), hidden()),
    'a length with a sign': () => request(outer(`Content-Length: +${hidden().length}`), hidden()),
    'a negative length': () => request(outer('Content-Length: -1'), hidden()),
    'a hexadecimal length': () => request(outer('Content-Length: 0x0'), hidden()),
    'an encoding that is none': () => request(outer('Transfer-Encoding: xchunked'), chunked()),
    'an encoding before the last': () => request(outer('Transfer-Encoding: chunked, identity'), chunked()),
    'an encoding twice': () => request(outer('Transfer-Encoding: chunked', 'Transfer-Encoding: identity'), chunked()),
    'a space before the colon': () => request(outer('Transfer-Encoding : chunked', 'Content-Length: 0'), chunked()),
    'a tab before the encoding': () => request(outer('Transfer-Encoding:\x0bchunked'), chunked()),
    'a folded header': () =>
      request(outer('X-Folded: a', ' Content-Length: 0', 'Transfer-Encoding:', ' chunked'), chunked()),
    'a header without a name': () =>
      request(outer(': chunked', 'Content-Length: 0', 'Transfer-Encoding: chunked'), chunked()),
    'a NUL in a header': () =>
      request(outer('X-Nul: a\0b', 'Transfer-Encoding: chunked', 'Content-Length: 4'), chunked()),
    'a carriage return in a header': () =>
      request(outer('X-Cr: a\rTransfer-Encoding: chunked', 'Content-Length: 4'), chunked()),
    'a chunk of a size that is none': () => request(outer('Transfer-Encoding: chunked'), `zz\r\n${hidden()}`),
    'a chunk of a size that overflows': () =>
      request(outer('Transfer-Encoding: chunked'), `fffffffffffffffff1\r\n${hidden()}`),
    'a chunk that ends otherwise': () => request(outer('Transfer-Encoding: chunked'), `1\r\nxy\r\n${chunked()}`),
  };

  it.each(Object.keys(tricks))('%s: is read as one or refused', async (name) => {
    const before = await balance();
    const heard = await sendRaw(tricks[name]?.() ?? '', { to, until: (text) => statusesIn(text).length > 1 });
    const [status = 0, ...more] = statusesIn(heard);
    // Without a credential there is nothing but a refusal to hear.
    expect([400, 401, 501]).toContain(status);
    expect(more.filter((one) => one < 400)).toEqual([]);
    expect(heard).toContain('application/problem+json');
    expect(await balance()).toBe(before);
  });

  it('lines that end in a bare LF hide nothing', async () => {
    const before = await balance();
    const lines = outer('Content-Length: 0', 'X-Bare: a\nTransfer-Encoding: chunked');
    const heard = await sendRaw(request(lines, chunked()), { to, until: (text) => statusesIn(text).length > 1 });
    expect(statusesIn(heard).filter((status) => status < 400)).toEqual([]);
    expect(await balance()).toBe(before);
  });

  const balance = async (): Promise<number> =>
    expectStatus(await http.get<{ balance: number }>('/api/payments/v1/accounts/mine', anna), 200).balance;
});

describe.each([
  ['the gateway', gateway, '/api/orders/v1/orders'],
  ['orders itself', portOf(8_080), '/v1/orders'],
] as const)('at %s, what is hardly HTTP is answered in its own words', (_door, to, path) => {
  it.each([
    ['a header of 40 KB', ['X-Long: ' + 'x'.repeat(40_000)], [400, 431]],
    ['a token of 1 MB', ['Authorization: Bearer ' + 'x'.repeat(1_000_000)], [400, 431]],
    ['an address of 100 KB', [], [414, 431]],
    ['3,000 headers', Array.from({ length: 3_000 }, (_, index) => `X-${index}: ${'x'.repeat(40)}`), [400, 431]],
    ['two tokens', ['Authorization: Bearer a', 'Authorization: Bearer b'], [400, 401]],
    ['an expectation', ['Expect: 200-ok'], [401, 417]],
    ['an upgrade', ['Connection: upgrade, http2-settings', 'Upgrade: h2c', 'HTTP2-Settings: AA'], [401]],
  ])('%s', async (what, lines, allowed) => {
    const address = what.startsWith('an address') ? `${path}?${'x'.repeat(100_000)}` : path;
    const heard = await sendRaw(request([`GET ${address} HTTP/1.1`, host, ...lines, 'Connection: close']), {
      to,
      until: hasAnswer,
    });
    expect([what, allowed.includes(statusesIn(heard)[0] ?? 0) || statusesIn(heard)]).toEqual([what, true]);
    expect(heard).toMatch(/content-type: application\/problem\+json/i);
    expect(heard).not.toMatch(/<html|nginx\/|express|node/i);
  });

  it.each([
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['a method that is none', request([`GE\tT ${path} HTTP/1.1`, host])],
    ['HTTP 9', request([`GET ${path} HTTP/9.9`, host])],
    ['no host', request([`GET ${path} HTTP/1.1`])],
    ['two hosts', request([`GET ${path} HTTP/1.1`, host, 'Host: elsewhere'])],
    ['a NUL in the address', request([`GET ${path}\0 HTTP/1.1`, host])],
    ['HTTP/2 from the start', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('%s', async (what, bytes) => {
    const heard = await sendRaw(bytes, { to, until: hasAnswer });
    const [status = 0] = statusesIn(heard);
    expect([what, [400, 401, 405, 505].includes(status) || heard]).toEqual([what, true]);
    expect(heard).not.toMatch(/<html|nginx\/|express|node/i);
  });

  it('a method that leads through or back is refused', async () => {
    for (const method of ['TRACE', 'CONNECT', 'TRACK', 'PROPFIND', 'PURGE']) {
      const target = method === 'CONNECT' ? '127.0.0.1:5432' : path;
      const heard = await sendRaw(
        request([`${method} ${target} HTTP/1.1`, host, 'X-Mark: echo', 'Connection: close']),
        {
          to,
          until: hasAnswer,
        },
      );
      // A service ends a CONNECT without a word; there is nothing to be led to.
      const statuses = statusesIn(heard);
      expect([method, statuses.every((status) => [400, 401, 404, 405].includes(status)) || heard]).toEqual([
        method,
        true,
      ]);
      expect(heard).not.toContain('echo');
    }
  });
});

const hasAnswer = (text: string): boolean => /\r\n\r\n[\s\S]*\}/.test(text);

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
