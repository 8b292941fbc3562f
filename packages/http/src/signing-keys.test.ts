import { createHealth, createVirtualTime, silentLog } from '@g-store/runtime';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthenticate } from './authenticate.js';
import { createDenyList } from './deny-list.js';
import { createSigningKeys } from './signing-keys.js';

const jwk = (kid: string) => ({ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid });

function identity() {
  const state = { keys: [jwk('one')] as object[], away: false, asked: 0 };
  const local = async () => {
    state.asked += 1;
    if (state.away) throw new Error('connection refused');
    return { keys: state.keys };
  };
  return { state, local };
}

describe('the keys that tokens are checked with', () => {
  it('are not there before they were fetched, which is tried again until it works', async () => {
    const time = createVirtualTime();
    const health = createHealth();
    const { state, local } = identity();
    state.away = true;
    using keys = createSigningKeys({ source: { local }, clock: time, timers: time, log: silentLog, health });
    await time.advance(0);
    expect([keys.ready(), health.readiness().ready]).toEqual([false, false]);
    await time.advance(10_000);
    expect(state.asked).toBeGreaterThanOrEqual(4);
    state.away = false;
    await time.advance(5_000);
    expect([keys.ready(), health.readiness().ready]).toEqual([true, true]);
    expect(await keys.find('one')).toMatchObject({ algorithm: 'EdDSA' });
  });

  it('make a request answer 503 rather than 401 while they are missing', async () => {
    const time = createVirtualTime();
    const { state, local } = identity();
    state.away = true;
    using authenticate = createAuthenticate({
      keys: { local },
      denyList: createDenyList(time),
      clock: time,
      timers: time,
      log: silentLog,
    });
    await time.advance(0);
    expect(authenticate.ready()).toBe(false);
    await expect(authenticate({ authorization: 'Bearer a.b.c' })).rejects.toMatchObject({ code: 'unavailable' });
    expect(await authenticate({})).toBeUndefined();
  });

  it('are fetched again for an unknown one, at most once in 30 s', async () => {
    const time = createVirtualTime();
    const { state, local } = identity();
    using keys = createSigningKeys({ source: { local }, clock: time, timers: time, log: silentLog });
    await time.advance(0);
    state.keys = [jwk('one'), jwk('two')];
    for (let times = 0; times < 50; times += 1) expect(await keys.find('two')).toBeUndefined();
    expect(state.asked).toBe(1);
    await time.advance(30_000);
    const found = await Promise.all(Array.from({ length: 50 }, () => keys.find('two')));
    expect(found.every(Boolean)).toBe(true);
    expect(state.asked).toBe(2);
    for (let times = 0; times < 50; times += 1) expect(await keys.find('three')).toBeUndefined();
    expect(state.asked).toBe(2);
  });

  it('go on serving while identity is away, for hours', async () => {
    const time = createVirtualTime();
    const health = createHealth();
    const { state, local } = identity();
    using keys = createSigningKeys({ source: { local }, clock: time, timers: time, log: silentLog, health });
    await time.advance(0);
    state.away = true;
    await time.advance(4 * 3_600_000);
    expect(state.asked).toBeGreaterThan(10);
    expect(await keys.find('one')).toBeDefined();
    expect(health.readiness().ready).toBe(true);
  });

  it('forget one that identity has retired', async () => {
    const time = createVirtualTime();
    const { state, local } = identity();
    using keys = createSigningKeys({ source: { local }, clock: time, timers: time, log: silentLog });
    await time.advance(0);
    state.keys = [jwk('two')];
    await time.advance(300_000);
    expect([await keys.find('one'), await keys.find('two')]).toEqual([undefined, expect.anything()]);
  });

  it('come from the configured address alone: no redirect is followed, nothing that is no key set is taken', async () => {
    const time = createVirtualTime();
    const answers = [
      { status: 302, headers: { location: '/elsewhere' }, body: '' },
      { status: 200, headers: {}, body: 'no json' },
      { status: 200, headers: {}, body: '{"keys":[]}' },
      { status: 200, headers: {}, body: JSON.stringify({ keys: [jwk('x')], more: 'x'.repeat(70_000) }) },
      { status: 500, headers: {}, body: JSON.stringify({ keys: [jwk('x')] }) },
      { status: 200, headers: {}, body: JSON.stringify({ keys: [jwk('one')] }) },
    ];
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? '');
      const { status, headers, body } = answers[Math.min(paths.length, answers.length) - 1] ?? {
        status: 500,
        headers: {},
        body: '',
      };
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
    for (const [index] of answers.entries()) {
      using keys = createSigningKeys({ source: { url }, clock: time, timers: time, log: silentLog });
      await keys.find('any');
      expect([index, keys.ready()]).toEqual([index, index === answers.length - 1]);
    }
    expect(new Set(paths)).toEqual(new Set(['/jwks']));
    await new Promise((resolve) => server.close(resolve));
  });
});
