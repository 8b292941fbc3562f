import { startTracing, type Tracing } from '@g-store/runtime';
import { eventually, startTraceCollector, type TraceCollector } from '@g-store/testing';
import { z } from 'zod';
import { createRouting, noContent, none } from '../src/index.js';
import { openShop, type Shop } from './shop.js';

const { route } = createRouting<never, never>();
const [traceId, parentId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
const traceparent = `00-${traceId}-${parentId}-01`;

const caused: (string | undefined)[] = [];
const routes = [
  route(
    {
      method: 'get',
      path: '/shelves/:id',
      summary: 'A shelf',
      caller: 'public',
      params: z.strictObject({ id: z.string() }),
      answers: { 204: none },
    },
    async ({ context }) => {
      caused.push(context.cause.traceparent);
      return noContent();
    },
  ),
  route({ method: 'get', path: '/broken', summary: 'Broken', caller: 'public', answers: { 204: none } }, async () => {
    throw new Error('the shelf fell on Anna');
  }),
];

describe('a request on a trace', () => {
  let collector: TraceCollector;
  let tracing: Tracing;
  let shop: Shop;
  beforeAll(async () => {
    collector = await startTraceCollector();
    tracing = await startTracing({ service: 'shop', endpoint: collector.endpoint });
    shop = await openShop({ routes, tracing });
  });
  afterAll(async () => {
    for (const each of [shop, tracing, collector]) await each?.[Symbol.asyncDispose]();
  });

  const spanOf = (name: string, of = traceId) =>
    eventually(() => {
      const found = collector.spans.find((span) => span.name === name && span.traceId === of);
      if (found === undefined) throw new Error(`no ${name} among ${collector.spans.map((span) => span.name).join()}`);
      return found;
    });

  it('goes on where its caller was, and hands itself on to what it causes', async () => {
    await shop.http.get('/shelves/7', { headers: { traceparent } });
    const span = await spanOf('GET /shelves/:id');
    expect(span).toMatchObject({
      service: 'shop',
      parentSpanId: parentId,
      failed: false,
      attributes: { 'http.route': '/shelves/:id', 'http.response.status_code': 204 },
    });
    expect(caused.at(-1)).toBe(`00-${traceId}-${span.spanId}-01`);
  });

  it.each(['', '00-00000000000000000000000000000000-00f067aa0ba902b7-01', 'nonsense'])(
    'begins one of its own where %j came along',
    async (given) => {
      await shop.http.get('/shelves/8', { headers: { traceparent: given } });
      const [, own = ''] = (caused.at(-1) ?? '').split('-');
      expect(own).toMatch(/^[0-9a-f]*[1-9a-f][0-9a-f]*$/);
      expect((await spanOf('GET /shelves/:id', own)).parentSpanId).toBeUndefined();
    },
  );

  it('that is not to be kept is not told, and says so to whom it causes', async () => {
    const unkept = [...traceId].reverse().join('');
    await shop.http.get('/shelves/9', { headers: { traceparent: `00-${unkept}-${parentId}-00` } });
    expect(caused.at(-1)).toMatch(new RegExp(`^00-${unkept}-[0-9a-f]{16}-00$`));
    await shop.http.get('/broken', { headers: { traceparent } });
    await spanOf('GET /broken');
    expect(collector.spans.some((span) => span.traceId === unkept)).toBe(false);
  });

  it('that broke is marked, without a word of what happened', async () => {
    await shop.http.get('/broken', { headers: { traceparent } });
    expect(await spanOf('GET /broken')).toMatchObject({ failed: true });
    expect(
      JSON.stringify(collector.spans, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value)),
    ).not.toContain('Anna');
  });
});

it('traces go nowhere when nobody takes them, and nobody waits for that', async () => {
  const gone = await startTraceCollector();
  await gone[Symbol.asyncDispose]();
  await using tracing = await startTracing({ service: 'shop', endpoint: gone.endpoint });
  await using shop = await openShop({ routes, tracing });
  expect((await shop.http.get('/shelves/7')).status).toBe(204);
});
