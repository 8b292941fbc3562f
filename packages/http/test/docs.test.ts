import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import {
  amountSchema,
  created,
  exactDecimal,
  lenientPageQuery,
  none,
  noContent,
  ok,
  pageQuery,
  route,
} from '../src/index.js';
import { openShop, type Shop } from './shop.js';

const Order = z.object({ id: z.uuid(), amount: z.int(), status: z.enum(['PENDING', 'PAID']) }).meta({ id: 'Order' });
const routes = [
  route(
    {
      method: 'post',
      path: '/v1/orders',
      summary: 'Place an order',
      description: 'Long.',
      tags: ['Orders'],
      caller: 'customer',
      body: z.strictObject({ amount: amountSchema, price: exactDecimal() }),
      answers: { 201: Order },
      refusals: ['price_changed'],
    },
    async () => created({}),
  ),
  route(
    {
      method: 'get',
      path: '/v1/orders',
      summary: 'List',
      caller: 'customer',
      query: lenientPageQuery,
      answers: { 200: z.object({ orders: z.array(Order), nextCursor: z.string().nullable() }) },
    },
    async () => ok({}),
  ),
  route(
    {
      method: 'get',
      path: '/v1/entries',
      summary: 'List',
      caller: 'customer',
      query: pageQuery,
      answers: { 200: z.object({}) },
    },
    async () => ok({}),
  ),
  route(
    {
      method: 'post',
      path: '/v1/staff/orders/:id/cancel',
      summary: 'Cancel',
      caller: 'staff',
      machine: 'orders',
      params: z.strictObject({ id: z.uuid() }),
      body: z.strictObject({ reason: z.enum(['A', 'B']) }).optional(),
      answers: { 204: none },
      refusals: ['order_not_cancellable', 'not_found'],
    },
    async () => noContent(),
  ),
  route(
    {
      method: 'post',
      path: '/api/user/orders',
      summary: 'Upload',
      caller: 'customer',
      accepts: 'text',
      body: z.union([z.string(), z.strictObject({ orderId: z.string() })]),
      answers: { 202: none },
    },
    async () => noContent(),
  ),
  route(
    { method: 'get', path: '/v1/catalogue', summary: 'Catalogue', caller: 'public', answers: { 200: z.object({}) } },
    async () => ok({}),
  ),
];

interface Operation {
  readonly security: readonly object[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Record<string, { readonly schema: Record<string, unknown> }>;
  };
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
}
interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown>; readonly securitySchemes: Record<string, unknown> };
}

let shop: Shop;
let document: Document;
beforeAll(async () => {
  shop = await openShop({ routes, prefixes: ['/api/orders'], trustedProxies: ['127.0.0.1'] });
  document = (await shop.http.get<Document>('/swagger/doc.json')).body;
});
afterAll(() => shop[Symbol.asyncDispose]());

const validator = `
  import { Validator } from '@seriousme/openapi-schema-validator';
  import { text } from 'node:stream/consumers';
  const validator = new Validator();
  const result = await validator.validate(JSON.parse(await text(process.stdin)));
  console.log(JSON.stringify({ ...result, version: validator.version }));
`;

describe('the OpenAPI document', () => {
  it('is valid', () => {
    const result = execFileSync(process.execPath, ['--input-type=module', '-e', validator], {
      input: JSON.stringify(document),
      cwd: __dirname,
    });
    expect(JSON.parse(String(result))).toEqual({ valid: true, version: '3.1' });
  });

  it('has every declared route and nothing else', () => {
    const found = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(found.sort()).toEqual([
      'get /v1/catalogue',
      'get /v1/entries',
      'get /v1/orders',
      'post /api/user/orders',
      'post /v1/orders',
      'post /v1/staff/orders/{id}/cancel',
    ]);
  });

  it('says who may call what, with which credential', () => {
    expect(document.components.securitySchemes).toEqual({
      bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      staffKey: { type: 'apiKey', in: 'header', name: 'X-Staff-API-Key' },
    });
    expect(document.paths['/v1/catalogue']?.['get']?.security).toEqual([]);
    expect(document.paths['/v1/orders']?.['post']?.security).toEqual([{ bearer: [] }]);
    expect(document.paths['/v1/staff/orders/{id}/cancel']?.['post']?.security).toEqual([
      { bearer: [] },
      { staffKey: [] },
    ]);
  });

  it('says what the checks of the requests say', () => {
    const place = document.paths['/v1/orders']?.['post'];
    expect(place?.requestBody).toMatchObject({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            additionalProperties: false,
            required: ['amount', 'price'],
            properties: {
              amount: { type: 'integer', minimum: 1, maximum: 1_000_000_000_000 },
              price: { type: 'number' },
            },
          },
        },
      },
    });
    expect(document.paths['/v1/staff/orders/{id}/cancel']?.['post']?.requestBody?.required).toBe(false);
    expect(Object.keys(document.paths['/api/user/orders']?.['post']?.requestBody?.content ?? {})).toEqual([
      'text/plain',
      'application/json',
    ]);
    expect(place?.parameters?.map(({ name }) => name)).toEqual(['Idempotency-Key']);
    for (const path of ['/v1/orders', '/v1/entries']) {
      const limit = document.paths[path]?.['get']?.parameters?.find(({ name }) => name === 'limit');
      expect(limit).toMatchObject({
        in: 'query',
        required: false,
        schema: { type: 'integer', default: 20, maximum: 100 },
      });
    }
  });

  it('says every way in which a route can refuse', () => {
    expect(Object.keys(document.paths['/v1/orders']?.['post']?.responses ?? {})).toEqual([
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '500',
      '503',
    ]);
    expect(Object.keys(document.paths['/v1/staff/orders/{id}/cancel']?.['post']?.responses ?? {})).toContain('403');
    expect(document.components.schemas).toMatchObject({ Problem: expect.anything(), Order: expect.anything() });
    expect(document.paths['/v1/orders']?.['post']?.responses['409']?.content).toEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    });
  });

  it.each([
    ['', ''],
    ['behind the gateway ', '/api/orders'],
  ])('leads "Try it out" %sto where it came from', (_where, prefix) => {
    const from = `http://shop.example${prefix}/swagger/doc.json`;
    expect(new URL(document.servers[0]?.url ?? '', from).href).toBe(`http://shop.example${prefix}/`);
  });
});

describe('the page of it', () => {
  it.each(['/swagger/index.html', '/swagger/', '/docs/', '/docs/index.html'])(
    'shows our shop at %s, with scripts of our own alone',
    async (path) => {
      const page = await shop.http.get(path);
      expect([page.status, page.text.includes('<title>Shop</title>')]).toEqual([200, true]);
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('upgrade-insecure-requests');
      expect(page.text).not.toMatch(/<script>|<script [^>]*src="(https?:)?\/\//);
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      for (const [, script] of page.text.matchAll(/<script src="\.\/([^"]+)"/g)) {
        const { status, headers } = await shop.http.get(folder + script);
        expect([script, status, headers.get('content-type')]).toEqual([
          script,
          200,
          expect.stringContaining('javascript'),
        ]);
      }
      const init = (await shop.http.get(`${folder}swagger-ui-init.js`)).text;
      const spec = /"url": "([^"]+)"/.exec(init)?.[1] ?? '';
      expect(init).not.toContain('petstore');
      expect(new URL(spec, `http://shop.example/api/orders${path}`).pathname).toBe('/api/orders/swagger/doc.json');
    },
  );

  it.each(['/docs', '/swagger'])('is found from %s, behind the gateway too', async (path) => {
    const direct = await shop.http.get(path);
    expect([direct.status, direct.headers.get('location')]).toEqual([302, `${path}/`]);
    const gateway = await shop.http.get(path, { headers: { 'x-forwarded-prefix': '/api/orders' } });
    expect(gateway.headers.get('location')).toBe(`/api/orders${path}/`);
  });
});

describe('an API of its own within a service', () => {
  it('has the page at /docs, with its routes alone; the whole stays at /swagger', async () => {
    const ownApi = { title: 'Uploads', description: 'An older system’s.', tag: 'uploads' };
    await using mixed = await openShop({
      ownApi,
      routes: routes.map((each, index) =>
        index === 4 ? { ...each, declaration: { ...each.declaration, tags: ['uploads'] } } : each,
      ),
    });
    const docs = await mixed.http.get('/docs/');
    expect([docs.status, docs.text.includes('<title>Uploads</title>')]).toEqual([200, true]);
    const urlAt = async (folder: string) =>
      /"url": "([^"]+)"/.exec((await mixed.http.get(`${folder}/swagger-ui-init.js`)).text)?.[1] ?? '';
    expect([await urlAt('/docs'), await urlAt('/swagger')]).toEqual(['../docs/doc.json', '../swagger/doc.json']);
    const own = (await mixed.http.get<Document & { info: object }>('/docs/doc.json')).body;
    expect([own.info, Object.keys(own.paths)]).toMatchObject([{ title: 'Uploads' }, ['/api/user/orders']]);
    expect(new URL(own.servers[0]?.url ?? '', 'http://shop.example/api/points/docs/doc.json').pathname).toBe(
      '/api/points/',
    );
    expect(Object.keys((await mixed.http.get<Document>('/swagger/doc.json')).body.paths)).toHaveLength(5);
  });
});
