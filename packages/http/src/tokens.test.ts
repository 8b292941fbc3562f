import { createVirtualTime, silentLog } from '@g-store/runtime';
import { createHmac, createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createAuthenticate } from './authenticate.js';
import { createDenyList } from './deny-list.js';
import { Problem } from './problem.js';

const ed = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ed25519');
const jwks = {
  keys: [
    { ...ed.publicKey.export({ format: 'jwk' }), kid: 'ed', use: 'sig' },
    { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' },
    { kty: 'oct', k: 'c2VjcmV0', kid: 'secret' },
  ],
};

const time = createVirtualTime();
const now = Math.floor(time.now().getTime() / 1000);
const denyList = createDenyList(time);
const authenticate = createAuthenticate({
  keys: { local: async () => jwks },
  denyList,
  clock: time,
  timers: time,
  log: silentLog,
});
beforeAll(() => time.advance(0));

const goodHeader = { alg: 'EdDSA', typ: 'at+jwt', kid: 'ed' };
const goodClaims = {
  iss: 'g-store',
  aud: 'g-store',
  sub: 'u1',
  sid: 's1',
  jti: 't1',
  iat: now,
  exp: now + 600,
  roles: ['customer'],
};
const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function token(header: unknown = goodHeader, claims: unknown = goodClaims, key: KeyObject = ed.privateKey): string {
  const signed = `${part(header)}.${part(claims)}`;
  const isEd = key.asymmetricKeyType === 'ed25519';
  const signature = isEd
    ? sign(null, Buffer.from(signed), key)
    : sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

const answerTo = async (authorization: string): Promise<string> => {
  try {
    const caller = await authenticate({ authorization });
    return caller?.kind === 'user' ? `welcome ${caller.userId}` : 'nobody';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
};
const answer = (given: string): Promise<string> => answerTo(`Bearer ${given}`);

describe('an access token', () => {
  it('lets its owner in, whichever of the two kinds of key signed it', async () => {
    expect(await answer(token())).toBe('welcome u1');
    expect(await answer(token({ ...goodHeader, alg: 'ES256', kid: 'ec' }, goodClaims, ec.privateKey))).toBe(
      'welcome u1',
    );
    expect(await answerTo(`bearer ${token()}`)).toBe('welcome u1');
  });

  it('names the session, the roles and when it ends', async () => {
    const { caller, issuedAt, expiresAt } = await authenticate.token(
      token(goodHeader, { ...goodClaims, roles: ['customer', 'staff'] }),
    );
    expect(caller).toEqual({ kind: 'user', userId: 'u1', sessionId: 's1', roles: ['customer', 'staff'] });
    expect([issuedAt.getTime(), expiresAt.getTime()]).toEqual([now * 1000, (now + 600) * 1000]);
  });

  const publicPem = ed.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const unsigned = (alg: string): string => `${part({ ...goodHeader, alg })}.${part(goodClaims)}`;
  const hmac = (secret: string | Buffer): string =>
    `${unsigned('HS256')}.${createHmac('sha256', secret).update(unsigned('HS256')).digest('base64url')}`;
  const [head = '', body = '', signature = ''] = token().split('.');
  const strangerJwk = stranger.publicKey.export({ format: 'jwk' });

  it.each<[string, string]>([
    ['nothing at all', ''],
    ['one word', 'x'],
    ['no signature', `${head}.${body}.`],
    ['two parts', `${head}.${body}`],
    ['four parts', `${head}.${body}.${signature}.${signature}`],
    ['alg none', `${unsigned('none')}.`],
    ['alg None', `${unsigned('None')}.`],
    ['alg NONE', `${unsigned('NONE')}.`],
    ['alg nOnE and a signature', `${unsigned('nOnE')}.${signature}`],
    ['alg none, signed', token({ ...goodHeader, alg: 'none' })],
    ['an empty alg', token({ ...goodHeader, alg: '' })],
    ['no alg', token({ typ: 'at+jwt', kid: 'ed' })],
    ['HS256 with the public key as secret', hmac(publicPem)],
    [
      'HS256 with the raw public key as secret',
      hmac(Buffer.from(String(jwks.keys[0] && ed.publicKey.export({ format: 'jwk' }).x), 'base64url')),
    ],
    ['HS256 with a symmetric key of the set', token({ ...goodHeader, alg: 'HS256', kid: 'secret' })],
    ["a stranger's signature", token(goodHeader, goodClaims, stranger.privateKey)],
    ['the other key of ours', token({ ...goodHeader, kid: 'ec' })],
    ['the algorithm of the other key', token({ ...goodHeader, alg: 'ES256' })],
    ["a stranger's key in jwk", token({ ...goodHeader, jwk: strangerJwk }, goodClaims, stranger.privateKey)],
    ['our own key in jwk', token({ ...goodHeader, jwk: jwks.keys[0] })],
    ['a jku', token({ ...goodHeader, jku: 'http://evil.example/jwks' }, goodClaims, stranger.privateKey)],
    ['an x5u', token({ ...goodHeader, x5u: 'http://evil.example/x5u' })],
    ['an x5c', token({ ...goodHeader, x5c: ['x'] })],
    ['an unknown crit', token({ ...goodHeader, crit: ['exp2'], exp2: 1 })],
    ['crit b64', token({ ...goodHeader, crit: ['b64'], b64: false })],
    ['no kid', token({ alg: 'EdDSA', typ: 'at+jwt' })],
    ['an unknown kid', token({ ...goodHeader, kid: 'other' })],
    ['a kid that is a path', token({ ...goodHeader, kid: '../../dev/null' })],
    ['a kid that is SQL', token({ ...goodHeader, kid: "' OR 1=1 --" })],
    ['a kid of every object', token({ ...goodHeader, kid: '__proto__' })],
    ['a kid that is a list', token({ ...goodHeader, kid: ['ed'] })],
    ['typ JWT', token({ ...goodHeader, typ: 'JWT' })],
    ['typ AT+JWT', token({ ...goodHeader, typ: 'AT+JWT' })],
    ['no typ', token({ alg: 'EdDSA', kid: 'ed' })],
    ['a header given twice', token(`{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"ed"}`)],
    ['a header that is a list', token([goodHeader])],
    ['another issuer', token(goodHeader, { ...goodClaims, iss: 'gophermart' })],
    ['no issuer', token(goodHeader, { ...goodClaims, iss: undefined })],
    ['another audience', token(goodHeader, { ...goodClaims, aud: 'gophermart' })],
    ['a list of audiences', token(goodHeader, { ...goodClaims, aud: ['g-store', 'other'] })],
    ['no audience', token(goodHeader, { ...goodClaims, aud: undefined })],
    ['a moment past its end', token(goodHeader, { ...goodClaims, iat: now - 600, exp: now })],
    ['no end', token(goodHeader, { ...goodClaims, exp: undefined })],
    ['an end that is text', token(goodHeader, { ...goodClaims, exp: String(now + 600) })],
    ['an end with a fraction', token(goodHeader, { ...goodClaims, exp: now + 0.5 })],
    [
      'an endless end',
      token(
        goodHeader,
        `{"iss":"g-store","aud":"g-store","sub":"u1","sid":"s1","jti":"t1","iat":${now},"exp":1e400,"roles":[]}`,
      ),
    ],
    ['a life too long', token(goodHeader, { ...goodClaims, exp: now + 601 })],
    ['an end before its beginning', token(goodHeader, { ...goodClaims, iat: now + 3, exp: now + 2 })],
    ['a beginning in the future', token(goodHeader, { ...goodClaims, iat: now + 60, exp: now + 120 })],
    ['a negative beginning', token(goodHeader, { ...goodClaims, iat: -1 })],
    ['a time before which it is no good', token(goodHeader, { ...goodClaims, nbf: now + 60 })],
    ['such a time that is text', token(goodHeader, { ...goodClaims, nbf: '0' })],
    ['no subject', token(goodHeader, { ...goodClaims, sub: undefined })],
    ['an empty subject', token(goodHeader, { ...goodClaims, sub: '' })],
    ['a subject that is a number', token(goodHeader, { ...goodClaims, sub: 7 })],
    ['no session', token(goodHeader, { ...goodClaims, sid: undefined })],
    ['no id', token(goodHeader, { ...goodClaims, jti: undefined })],
    ['roles that are text', token(goodHeader, { ...goodClaims, roles: 'operator' })],
    ['roles given twice', token(goodHeader, `${JSON.stringify(goodClaims).slice(0, -1)},"roles":["operator"]}`)],
    [
      'claims with __proto__',
      token(goodHeader, `${JSON.stringify(goodClaims).slice(0, -1)},"__proto__":{"roles":["operator"]}}`),
    ],
    ['claims that are a list', token(goodHeader, [goodClaims])],
    ['claims that are null', token(goodHeader, 'null')],
    ['padding', `${head}.${body}.${signature}=`],
    ['padding everywhere', `${head}==.${body}==.${signature}==`],
    ['a signature spelled another way', `${head}.${body}.${respelled(signature)}`],
    ['standard base64', `${head}.${body}.${Buffer.from(signature, 'base64url').toString('base64')}`],
    ['a line break in it', `${head}.${body}\n.${signature}`],
    ['a NUL in it', `${head}\0.${body}.${signature}`],
    ['one bit changed', `${head}.${flipped(body)}.${signature}`],
    ['no basic credentials', Buffer.from('u1:secret').toString('base64')],
  ])('is refused with %s', async (_what, given) => {
    expect(await answer(given)).toBe('unauthenticated');
  });

  it.each([
    'Basic dTE6cA==',
    'Bearer',
    'Bearer ',
    `Bearer  ${token()}`,
    `Bearer ${token()} more`,
    token(),
    `Bearer ${token()}, Bearer ${token()}`,
  ])('is refused when the header is no bearer header: %.30s', async (authorization) => {
    expect(await answerTo(authorization)).toBe('unauthenticated');
  });

  it('is refused at once when it is a megabyte long', async () => {
    const long = `${head}.${'A'.repeat(1_000_000)}.${signature}`;
    const started = performance.now();
    for (let times = 0; times < 100; times += 1) expect(await answer(long)).toBe('unauthenticated');
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('stops working when it ends, although its signature was checked before', async () => {
    const short = token(goodHeader, { ...goodClaims, jti: 'short', exp: now + 2 });
    expect(await answer(short)).toBe('welcome u1');
    await time.advance(2_000);
    expect(await answer(short)).toBe('unauthenticated');
  });

  it('stops working when its session does, although its signature was checked before', async () => {
    const mine = token(goodHeader, { ...goodClaims, sid: 's2' });
    expect(await answer(mine)).toBe('welcome u1');
    denyList.sessionRevoked('s2', time.now());
    expect(await answer(mine)).toBe('unauthenticated');
    expect(await answer(token())).toBe('welcome u1');
  });
});

it('keeps the private half of a key away from the keys that it checks with', async () => {
  const leaky = {
    keys: [
      {
        ...createPrivateKey(ed.privateKey.export({ type: 'pkcs8', format: 'pem' })).export({ format: 'jwk' }),
        kid: 'ed',
      },
    ],
  };
  const other = createAuthenticate({
    keys: { local: async () => leaky },
    denyList,
    clock: time,
    timers: time,
    log: silentLog,
  });
  await time.advance(0);
  expect((await other.token(token())).caller.userId).toBe('u1');
  other[Symbol.dispose]();
});

/** The same bytes in base64url with its unused bits set. */
function respelled(part64: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(part64.at(-1) ?? '');
  return part64.slice(0, -1) + (alphabet[last + 1] ?? '');
}

function flipped(part64: string): string {
  const bytes = Buffer.from(part64, 'base64url');
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  return bytes.toString('base64url');
}
