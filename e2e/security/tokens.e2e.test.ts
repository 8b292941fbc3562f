import { createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { expectStatus, http } from '../shop';
import { gateway } from '../stack';
import { everyDoor, promoted, shopper, somethingOfOnesOwn, type Shopper } from './cast';
import { faultsOfProblem } from './answers';
import { seconds, soundClaims, startForger, strangersTokens, toPart, type Forger } from './forger';

jest.setTimeout(60_000);

let forger: Forger;
let anna: Shopper;
beforeAll(async () => {
  [forger, anna] = await Promise.all([startForger(), shopper()]);
});

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** `true` when no service takes it, each answering as any refusal is answered. */
async function isRefused(token: string): Promise<boolean> {
  const replies = await Promise.all(everyDoor.map(async (path) => [path, await http.get(path, { token })] as const));
  // What is longer than any header may be, the gateway refuses by itself.
  const statuses = replies.map(([path, reply]) => {
    expect(faultsOfProblem(path, reply)).toEqual([]);
    return reply.status;
  });
  return statuses.every((status) => status === 401 || (token.length > 16_000 && status === 431));
}

describe('a token with the shop’s own signature', () => {
  it('is good when nothing is wrong with it, so that the others are refused for what is', async () => {
    const token = forger.issue({ sub: anna.id });
    for (const path of Object.values(somethingOfOnesOwn)) expect((await http.get(path, { token })).status).toBe(200);
  });

  it('for Gophermart is good there for a day, and nowhere else', async () => {
    const now = seconds();
    const token = forger.issue({ sub: anna.id, aud: 'gophermart', iat: now, exp: now + 86_400 });
    expect((await http.get('/api/user/balance', { token })).status).toBe(200);
    expect(await isRefused(token)).toBe(true);
    const longer = forger.issue({ sub: anna.id, aud: 'gophermart', iat: now, exp: now + 86_460 });
    expect((await http.get('/api/user/balance', { token: longer })).status).toBe(401);
  });

  const now = seconds();
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['that has expired', { iat: now - 700, exp: now - 100 }],
    ['that ends before it begins', { iat: now, exp: now - 1 }],
    ['that never ends', { exp: undefined }],
    ['that ends in a year', { exp: now + 31_536_000 }],
    ['that was made tomorrow', { iat: now + 86_400, exp: now + 86_500 }],
    ['that was never made', { iat: undefined }],
    ['whose end is a text', { exp: String(now + 300) }],
    ['whose end is a fraction', { exp: now + 300.5 }],
    ['whose end is past all numbers', { exp: 1e300 }],
    ['whose end is negative', { exp: -1 }],
    ['whose end is nothing', { exp: null }],
    ['that is not good yet', { nbf: now + 200 }],
    ['that is not good yet, as a text', { nbf: '0' }],
    ['for somebody else', { aud: 'gophermart' }],
    ['for several', { aud: ['g-store', 'elsewhere'] }],
    ['for nobody', { aud: undefined }],
    ['of another maker', { iss: 'https://g-store' }],
    ['of no maker', { iss: undefined }],
    ['of nobody', { sub: '' }],
    ['of no session', { sid: undefined }],
    ['of somebody who is a list', { sub: [randomUUID()] }],
    ['of somebody with a very long name', { sub: 'x'.repeat(129) }],
    ['without an id', { jti: undefined }],
    ['whose roles are a text', { roles: 'operator' }],
    ['whose roles are none', { roles: null }],
    ['whose roles are numbers', { roles: [1] }],
  ])('%s is refused', async (_what, claims) => {
    expect(await isRefused(forger.issue(claims))).toBe(true);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['of another kind', { typ: 'JWT' }],
    ['for refreshing', { typ: 'rt+jwt' }],
    ['of no kind', { typ: undefined }],
    ['with a key that is unknown', { kid: randomUUID() }],
    ['with a key that is a path', { kid: '../../../../dev/null' }],
    ['with a key that is a query', { kid: "' UNION SELECT 'x" }],
    ['with a key that is no text', { kid: 1 }],
    ['without a key', { kid: undefined }],
    ['that must be understood', { crit: ['exp'] }],
    ['that must be understood in a way nobody knows', { crit: ['b64'], b64: false }],
    ['that is compressed', { zip: 'DEF' }],
    ['that names where keys lie', { jku: `${gateway}/api/identity/.well-known/jwks.json` }],
    ['that names where a certificate lies', { x5u: 'http://127.0.0.1:1/' }],
    ['that brings a certificate', { x5c: ['MII'] }],
    ['of another algorithm of the same family', { alg: 'ES384' }],
    ['of EdDSA', { alg: 'EdDSA' }],
  ])('%s is refused', async (_what, header) => {
    expect(await isRefused(forger.issue({}, header))).toBe(true);
  });

  it('that brings its own key is refused, even the right one', async () => {
    expect(await isRefused(forger.issue({}, { jwk: forger.publicJwk }))).toBe(true);
  });

  it('that says something twice is refused', async () => {
    const header = JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: forger.kid });
    const body = JSON.stringify(soundClaims());
    const twice = (text: string, more: string) => `${text.slice(0, -1)},${more}}`;
    expect(await isRefused(forger.sealed(header, twice(body, `"sub":"${anna.id}"`)))).toBe(true);
    expect(await isRefused(forger.sealed(header, twice(body, '"\\u0072oles":["operator"]')))).toBe(true);
    expect(await isRefused(forger.sealed(twice(header, '"alg":"none"'), body))).toBe(true);
    expect(await isRefused(forger.sealed(header, `[${body}]`))).toBe(true);
    expect(await isRefused(forger.sealed(header, twice(body, '"__proto__":{"roles":["operator"]}')))).toBe(true);
    expect(await isRefused(forger.sealed(header, `${body.slice(0, -1)}`))).toBe(true);
  });

  it('is good in one spelling alone', async () => {
    const token = forger.issue({ sub: anna.id });
    const [head = '', body = '', signature = ''] = token.split('.');
    const last = alphabet.indexOf(signature.slice(-1));
    // The last letter of 86 has four bits that mean nothing.
    const sameBits = alphabet[last ^ 1] ?? '';
    const spellings = [
      `${token}=`,
      `${token}==`,
      `${head}=.${body}.${signature}`,
      `${head}.${body}.${signature.slice(0, -1)}${sameBits}`,
      `${head}.${body}.${Buffer.from(signature, 'base64url').toString('base64')}`,
      `${head}.${body}.${signature.slice(0, 43)}%20${signature.slice(43)}`,
      `${token}.`,
      `.${token}`,
      `${token}.${signature}`,
      `${head}..${signature}`,
      `${head}.${body}`,
      `${head}.${body}.`,
      `"${token}"`,
      token.toUpperCase(),
    ];
    for (const spelling of spellings) expect([spelling, await isRefused(spelling)]).toEqual([spelling, true]);
  });
});

describe('a token without the shop’s signature', () => {
  const body = () => toPart(JSON.stringify({ ...soundClaims(), sub: anna.id, roles: ['operator'] }));
  const head = (header: object) => toPart(JSON.stringify({ typ: 'at+jwt', kid: forger.kid, ...header }));

  it.each(['none', 'None', 'NONE', 'nOnE', 'none ', '', null, false, ['none']])('alg %j is refused', async (alg) => {
    for (const signature of ['', 'e30', 'AA'])
      expect(await isRefused(`${head({ alg })}.${body()}.${signature}`)).toBe(true);
  });

  it.each(['HS256', 'HS384', 'HS512'])('%s with the public key for a secret is refused', async (alg) => {
    const pem = createPublicKey({ key: forger.publicJwk, format: 'jwk' });
    const { keys } = expectStatus(await http.get<{ keys: object[] }>('/api/identity/.well-known/jwks.json'), 200);
    const secrets = [
      pem.export({ type: 'spki', format: 'pem' }),
      pem.export({ type: 'spki', format: 'der' }),
      JSON.stringify(forger.publicJwk),
      JSON.stringify(keys[0]),
      '',
    ];
    for (const secret of secrets) {
      const signed = `${head({ alg })}.${body()}`;
      const digest = createHmac(`sha${alg.slice(2)}`, secret)
        .update(signed)
        .digest('base64url');
      expect(await isRefused(`${signed}.${digest}`)).toBe(true);
    }
  });

  it('is refused whoever else has signed it, and whatever was changed in it', async () => {
    const good = forger.issue({ sub: anna.id });
    const [goodHead = '', goodBody = '', signature = ''] = good.split('.');
    const zero = Buffer.alloc(64).toString('base64url');
    const forgeries = [
      strangersTokens(forger.kid).issue({ sub: anna.id, roles: ['operator'] }),
      promoted(good),
      `${goodHead}.${goodBody}.${zero}`,
      `${goodHead}.${goodBody}.${forger.issue().split('.')[2]}`,
      `${head({ alg: 'ES256' })}.${goodBody}.${signature}`,
      `${goodHead}.${goodBody}.${Buffer.from(signature, 'base64url').subarray(0, 63).toString('base64url')}`,
    ];
    for (const forged of forgeries) expect([forged, await isRefused(forged)]).toEqual([forged, true]);
  });

  it('is refused when it is long, and costs nobody anything', async () => {
    for (const length of [4_097, 8_000, 100_000]) expect(await isRefused('x'.repeat(length))).toBe(true);
    expect(await isRefused(`${'a.'.repeat(3_000)}b`)).toBe(true);
  });
});

describe('a good token', () => {
  it('counts only in its header, once', async () => {
    const path = '/api/orders/v1/orders';
    const { token } = anna;
    const bearer = `Bearer ${token}`;
    const elsewhere = [
      [`${path}?access_token=${token}`, {}],
      [`${path}?token=${token}&authorization=${encodeURIComponent(bearer)}`, {}],
      [path, { cookie: `token=${token}; Authorization=${encodeURIComponent(bearer)}; jwt=${token}` }],
      [path, { 'x-authorization': bearer }],
      [path, { authorization: token }],
      [path, { authorization: `Token ${token}` }],
      [path, { authorization: `Basic ${Buffer.from(`${anna.login}:${anna.password}`).toString('base64')}` }],
      [path, { authorization: `${bearer}, ${bearer}` }],
      [path, { authorization: `Bearer  ${token}` }],
      [path, { authorization: `Bearer ${token} ${token}` }],
      [path, { authorization: bearer, 'x-staff-api-key': 'x' }],
    ] as const;
    for (const [address, headers] of elsewhere) {
      const { status } = await http.get(address, { headers });
      expect([address, headers, [400, 401].includes(status)]).toEqual([address, headers, true]);
    }
    expect((await http.get(path, { headers: { authorization: `bearer ${token}` } })).status).toBe(200);
  });

  it('of a customer is good at no door of staff, whatever it says beside its roles', async () => {
    for (const more of [{ role: 'operator' }, { scope: 'orders' }, { admin: true }, { roles: ['Operator', 'STAFF'] }]) {
      const token = forger.issue({ sub: anna.id, ...more });
      expect((await http.get('/api/orders/v1/staff/orders', { token })).status).toBe(403);
    }
  });
});
