import { systemTimers } from '@g-store/runtime';
import { eventually } from '@g-store/testing';
import express from 'express';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { eventFrame, eventStream, ok, ping, route, startHttpServer } from '../src/index.js';
import { openShop, type Shop } from './shop.js';

const waiting: (() => void)[] = [];
const open: Socket[] = [];
const routes = [
  route(
    {
      method: 'get',
      path: '/fast',
      summary: 'x',
      caller: 'public',
      query: z.looseObject({}),
      answers: { 200: z.looseObject({}) },
    },
    async () => ok({ fast: true }),
  ),
  route(
    { method: 'get', path: '/slow', summary: 'x', caller: 'public', answers: { 200: z.looseObject({}) } },
    async () => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return ok({ slow: true });
    },
  ),
  route(
    { method: 'get', path: '/follow', summary: 'x', caller: 'public', answers: { 200: z.any() }, events: z.any() },
    async ({ gone }) => eventStream(untilGone(gone())),
  ),
  route(
    {
      method: 'post',
      path: '/text',
      summary: 'x',
      caller: 'public',
      body: z.strictObject({ a: z.string().optional() }),
      answers: { 200: z.looseObject({}) },
    },
    async ({ body }) => ok(body),
  ),
];

async function* untilGone(gone: AbortSignal): AsyncGenerator<string> {
  yield eventFrame({ event: 'news', id: '7', data: { amount: 5n } });
  await new Promise<void>((resolve) => gone.addEventListener('abort', () => resolve()));
  yield ping;
}

let shop: Shop;
beforeEach(async () => {
  waiting.length = 0;
  shop = await openShop({ routes });
});
afterEach(() => shop[Symbol.asyncDispose]());

/** What the server says to these bytes until it hangs up, or has said as much as `until`. */
async function say(
  bytes: string,
  until?: RegExp,
  keep = (socket: Socket): void => void socket.destroy(),
): Promise<string> {
  const socket: Socket = connect(shop.server.address.port, '127.0.0.1');
  let heard = '';
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (until?.test(heard)) resolve();
    });
    socket.on('close', () => resolve());
    socket.on('error', reject);
    socket.write(bytes, 'latin1');
  });
  keep(socket);
  return heard;
}
const statusOf = (heard: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1]);
const twoAnswers = /HTTP\/1\.1[^]*HTTP\/1\.1[^]*\}/;

describe('bytes from the network', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    [
      'both a length and chunks',
      'POST /text HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /fast HTTP/1.1\r\nHost: x\r\n\r\n',
      400,
    ],
    ['two lengths', 'POST /text HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}', 400],
    ['a length that is no number', 'POST /text HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n{}', 400],
    [
      'a chunk size that is no number',
      'POST /text HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
    ],
    [
      'a strange transfer encoding',
      'POST /text HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a bare line feed', 'GET /fast HTTP/1.1\nHost: x\nX: y\n\n', 400],
    ['a folded header', 'GET /fast HTTP/1.1\r\nHost: x\r\nX: y\r\n z\r\n\r\n', 400],
    ['a space before the colon', 'GET /fast HTTP/1.1\r\nHost : x\r\n\r\n', 400],
    ['a NUL in a header', 'GET /fast HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n', 400],
    ['no host', 'GET /fast HTTP/1.1\r\n\r\n', 400],
    ['huge headers', `GET /fast HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'a token of a megabyte',
      `GET /fast HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'y'.repeat(100_000)}\r\n\r\n`,
      431,
    ],
  ])('with %s are refused', async (_what, bytes, status) => {
    const heard = await say(bytes);
    expect(statusOf(heard)).toBe(status);
    expect(heard.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('that are no HTTP are answered with a problem like everything else', async () => {
    const heard = await say('hello\r\n\r\n');
    expect(heard).toContain('content-type: application/problem+json');
    expect(JSON.parse(heard.slice(heard.indexOf('\r\n\r\n')))).toMatchObject({
      status: 400,
      code: 'validation_failed',
    });
  });

  it('with a credential, key or type sent twice are refused', async () => {
    for (const header of ['Authorization: Bearer x', 'X-Staff-API-Key: x', 'Idempotency-Key: x', 'If-Match: "1"']) {
      const heard = await say(`GET /fast HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}\r\n${header}\r\n\r\n`);
      expect([header, statusOf(heard), heard.includes('was sent twice')]).toEqual([header, 400, true]);
    }
    expect(
      statusOf(await say('GET /fast HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Other: 1\r\nX-Other: 2\r\n\r\n')),
    ).toBe(200);
  });

  it('after a refused request begin the next one where it begins', async () => {
    const body = '{"a":"GET /fast HTTP/1.1"}';
    const unread = `POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const heard = await say(`${unread}GET /fast HTTP/1.1\r\nHost: x\r\n\r\n`, twoAnswers);
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
  });

  it('that never end are cut off after a megabyte, with an answer', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const heard = await say(
      `POST /text HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}`,
    );
    expect([statusOf(heard), /connection: close/i.test(heard)]).toEqual([413, true]);
  });

  it('that break off in the middle of a body harm nobody', async () => {
    const socket = connect(shop.server.address.port, '127.0.0.1');
    socket.write('POST /text HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    socket.end();
    await eventually(() =>
      expect(shop.lines.some(({ status, route: path }) => status === 499 && path === '/text')).toBe(true),
    );
    expect(shop.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect((await shop.http.get('/fast')).status).toBe(200);
  });
});

describe('a stop', () => {
  it('takes no one new, but answers whoever is in hand, and ends at once when nobody is', async () => {
    await shop.http.get('/fast'); // leaves an idle connection behind
    const slow = shop.http.get('/slow');
    await eventually(() => expect(waiting).toHaveLength(1));
    const stopped = shop.server[Symbol.asyncDispose]();
    await expect(
      new Promise((resolve, reject) =>
        connect(shop.server.address.port, '127.0.0.1').on('connect', resolve).on('error', reject),
      ),
    ).rejects.toThrow('ECONNREFUSED');
    waiting[0]?.();
    expect((await slow).body).toEqual({ slow: true });
    const started = performance.now();
    await stopped;
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('brings what somebody follows to an end that is none of a broken line', async () => {
    const followed = await fetch(`${shop.url}/follow`);
    const heard = followed.text();
    await shop.server[Symbol.asyncDispose]();
    expect(await heard).toBe('event: news\nid: 7\ndata: {"amount":5}\n\n: ping\n\n');
  });

  it('leaves sockets that were upgraded to whoever took them', async () => {
    const taken: Duplex[] = [];
    shop.server.server.on('upgrade', (_request, socket) => {
      taken.push(socket);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
    });
    await say('GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', /101/, (socket) =>
      open.push(socket),
    );
    await shop.server[Symbol.asyncDispose]();
    expect(taken.map(({ destroyed }) => destroyed)).toEqual([false]);
    open.splice(0).forEach((socket) => socket.destroy());
  });

  it('does not wait for ever for an answer that never comes', async () => {
    const app = express();
    app.get('/never', () => waiting.push(() => undefined));
    const server = await startHttpServer(app, { host: '127.0.0.1', port: 0, timers: systemTimers, graceMs: 50 });
    const never = fetch(`${server.url}/never`).catch((error: unknown) => error);
    await eventually(() => expect(waiting).toHaveLength(1));
    await server[Symbol.asyncDispose]();
    expect(String(await never)).toContain('fetch failed');
  });
});
