import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { ok, route } from '../src/index.js';
import { openShop, type Shop } from './shop.js';

const long = Array.from({ length: 200 }, (_, i) => `line ${i}`);
const answers = { 200: z.array(z.string()) };

let shop: Shop;
beforeAll(async () => {
  const list = (path: string, body: readonly string[], gzip?: boolean) =>
    route({ method: 'get', path, summary: 'A list', caller: 'public', answers }, async () => ({
      ...ok(body),
      ...(gzip !== undefined && { gzip }),
    }));
  shop = await openShop({ routes: [list('/long', long, true), list('/short', ['a'], true), list('/plain', long)] });
});
afterAll(() => shop?.[Symbol.asyncDispose]());

const get = (path: string, encoding?: string): Promise<{ headers: IncomingHttpHeaders; raw: Buffer }> =>
  new Promise((resolve, reject) => {
    const headers = encoding === undefined ? {} : { 'accept-encoding': encoding };
    request(new URL(path, shop.url), { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, raw: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });

describe('an answer that may be packed', () => {
  it.each(['gzip', 'GZIP', 'br, gzip', 'gzip;q=0.5, deflate', '*', 'gzip; q=1'])(
    'is packed for %j',
    async (encoding) => {
      const { headers, raw } = await get('/long', encoding);
      expect([headers['content-encoding'], headers['content-length']]).toEqual(['gzip', String(raw.length)]);
      expect(JSON.parse(gunzipSync(raw).toString())).toEqual(long);
    },
  );

  it.each([undefined, 'identity', 'br', 'gzip;q=0', 'gzip;q=0.0', 'xgzip'])('is plain for %j', async (encoding) => {
    const { headers, raw } = await get('/long', encoding);
    expect([headers['content-encoding'], headers.vary]).toEqual([undefined, 'Accept-Encoding']);
    expect(JSON.parse(raw.toString())).toEqual(long);
  });

  it('is plain when packing is not worth it', async () => {
    expect((await get('/short', 'gzip')).headers['content-encoding']).toBeUndefined();
  });
});

it('is never packed unless its route says so', async () => {
  expect((await get('/plain', 'gzip')).headers['content-encoding']).toBeUndefined();
});
