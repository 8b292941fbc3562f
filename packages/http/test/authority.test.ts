import { z } from 'zod';
import {
  allRoutes,
  created,
  createRouting,
  ok,
  route,
  routeTable,
  type AuditEntry,
  type Authority,
  type Scope,
} from '../src/index.js';
import { kioskKey, openShop, warehouseKey, type Shop } from './shop.js';

const who = z.object({ who: z.string() });
const paths: Record<string, { caller: Authority; machine?: Scope }> = {
  '/public': { caller: 'public' },
  '/customer': { caller: 'customer' },
  '/staff': { caller: 'staff' },
  '/staff-or-machine': { caller: 'staff', machine: 'orders' },
  '/operator': { caller: 'operator' },
  '/operator-whatever-is-declared': { caller: 'operator', machine: 'orders' },
};
const routes = Object.entries(paths).flatMap(([path, { caller, machine }]) => [
  route(
    {
      method: 'get',
      path,
      summary: path,
      caller,
      ...(machine && { machine }),
      query: z.looseObject({}),
      answers: { 200: who },
    },
    async (request) =>
      ok({
        who: request.caller === undefined ? 'nobody' : request.caller.kind === 'user' ? 'user' : request.caller.name,
      }),
  ),
  route({ method: 'post', path, summary: path, caller, ...(machine && { machine }), answers: { 201: who } }, async () =>
    created({ who: '' }),
  ),
]);

const audited: AuditEntry[] = [];
let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ routes, audit: (entry) => audited.push(entry) });
});
afterAll(() => shop[Symbol.asyncDispose]());

const credentials: Record<string, () => Record<string, string>> = {
  none: () => ({}),
  customer: () => bearer(shop.tokens.issue()),
  staff: () => bearer(shop.tokens.issue({ roles: ['customer', 'staff'] })),
  operator: () => bearer(shop.tokens.issue({ roles: ['customer', 'operator'] })),
  expired: () => bearer(shop.tokens.issue({ iat: 1_700_000_000, exp: 1_700_000_600 })),
  malformed: () => bearer('x.y.z'),
  blocked: () => {
    shop.denyList.userBlocked('blocked-user', new Date());
    return bearer(shop.tokens.issue({ sub: 'blocked-user', roles: ['operator'] }));
  },
  'key of the warehouse': () => ({ 'x-staff-api-key': warehouseKey }),
  'key of the kiosk': () => ({ 'x-staff-api-key': kioskKey }),
  'wrong key': () => ({ 'x-staff-api-key': 'wrong' }),
  'empty key': () => ({ 'x-staff-api-key': '' }),
  'key beside a cookie': () => ({ 'x-staff-api-key': warehouseKey, cookie: 'gstore_refresh=x' }),
  'key beside a token': () => ({ 'x-staff-api-key': warehouseKey, ...bearer(shop.tokens.issue({ roles: ['staff'] })) }),
  'user id of the old days': () => ({ 'x-user-id': '0198f2c5-8c3e-7aaa-8000-000000000001' }),
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const expected: Record<
  string,
  readonly [open: number, customer: number, staff: number, machine: number, operator: number]
> = {
  none: [200, 401, 401, 401, 401],
  customer: [200, 200, 403, 403, 403],
  staff: [200, 200, 200, 200, 403],
  operator: [200, 200, 200, 200, 200],
  expired: [200, 401, 401, 401, 401],
  malformed: [200, 401, 401, 401, 401],
  blocked: [200, 401, 401, 401, 401],
  'key of the warehouse': [200, 403, 403, 200, 403],
  'key of the kiosk': [200, 403, 403, 403, 403],
  'wrong key': [200, 401, 401, 401, 401],
  'empty key': [200, 401, 401, 401, 401],
  'key beside a cookie': [200, 401, 401, 401, 401],
  'key beside a token': [200, 401, 401, 401, 401],
  'user id of the old days': [200, 401, 401, 401, 401],
};

describe('who may go where', () => {
  it.each(Object.keys(credentials))('with %s', async (name) => {
    const headers = credentials[name]?.() ?? {};
    const found = await Promise.all(
      Object.keys(paths).map(async (path) => (await shop.http.get(path, { headers })).status),
    );
    const [open = 0, customer, staff, machine, operator] = expected[name] ?? [];
    expect(found).toEqual([open, customer, staff, machine, operator, operator]);
  });

  it('is decided before anything of the request is looked at', async () => {
    const answer = await shop.http.post<{ code: string }>('/staff', 'no json', {
      token: shop.tokens.issue(),
      headers: { 'content-type': 'text/html' },
    });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  });

  it('does not depend on a token in the address', async () => {
    const token = shop.tokens.issue();
    for (const name of ['access_token', 'token', 'authorization']) {
      expect((await shop.http.get(`/customer?${name}=${token}`)).status).toBe(401);
    }
  });

  it('names the scheme to somebody who has not signed in', async () => {
    expect((await shop.http.get('/customer')).headers.get('www-authenticate')).toBe('Bearer');
    expect((await shop.http.get('/customer', { token: 'x' })).headers.get('www-authenticate')).toBe(
      'Bearer error="invalid_token"',
    );
  });

  it('tells a public route who calls, if they say so and it is true', async () => {
    expect((await shop.http.get('/public', { token: shop.tokens.issue() })).body).toEqual({ who: 'user' });
    expect((await shop.http.get('/public', { staffKey: warehouseKey })).body).toEqual({ who: 'warehouse' });
    expect((await shop.http.get('/public', { token: 'x' })).body).toEqual({ who: 'nobody' });
  });

  it('is written down for every staff act and every denial, and for nothing else', async () => {
    audited.length = 0;
    await shop.http.post('/customer', undefined, { token: shop.tokens.issue() });
    await shop.http.get('/staff', { token: shop.tokens.issue({ roles: ['staff'] }) });
    expect(audited).toEqual([]);
    await shop.http.post('/staff', undefined, { token: shop.tokens.issue({ sub: 'anna', roles: ['staff'] }) });
    await shop.http.post('/staff-or-machine', undefined, { staffKey: warehouseKey });
    await shop.http.get('/staff', { token: shop.tokens.issue({ sub: 'eve' }) });
    await shop.http.get('/customer', { token: 'secret-token' });
    expect(audited.map(({ actor, method, route: template, status }) => [actor, method, template, status])).toEqual([
      ['anna', 'POST', '/staff', 201],
      ['key:warehouse', 'POST', '/staff-or-machine', 201],
      ['eve', 'GET', '/staff', 403],
      ['anonymous', 'GET', '/customer', 401],
    ]);
    expect(JSON.stringify(audited)).not.toMatch(/secret-token|warehouse-key/);
  });
});

describe('the table of routes', () => {
  it('is what the router is made of: every line answers, and what it says of callers is true', async () => {
    const table = routeTable(
      allRoutes({ routes, health: shop.health, metrics: { text: async () => '', contentType: 'text/plain' } } as never),
    );
    expect(table).toContainEqual({
      method: 'post',
      path: '/staff-or-machine',
      caller: 'staff',
      machine: 'orders',
      params: [],
      idempotent: true,
      hasBody: false,
    });
    for (const { method, path, caller } of table) {
      const { status } = await fetch(shop.url + path.replace(':code', 'not_found'), { method: method.toUpperCase() });
      expect([method, path, status === 401]).toEqual([method, path, caller !== 'public']);
      expect([404, 405]).not.toContain(status);
    }
  });

  it('cannot hold a route twice, a parameter without a schema, or a body that would swallow what it does not know', async () => {
    const { route: declare } = createRouting<never, never>();
    const plain = { summary: '', caller: 'public', answers: {} } as const;
    const one = declare({ ...plain, method: 'get', path: '/one' }, async () => ok());
    await expect(openShop({ routes: [one, one] })).rejects.toThrow('declared twice');
    const two = declare({ ...plain, method: 'get', path: '/two/:id' }, async () => ok());
    await expect(openShop({ routes: [two] })).rejects.toThrow('params must name');
    const body = z.strictObject({ items: z.array(z.object({ sku: z.string() })).optional() });
    const three = declare({ ...plain, method: 'post', path: '/three', body }, async () => ok());
    await expect(openShop({ routes: [three] })).rejects.toThrow('use z.strictObject at /items of the body');
  });
});
