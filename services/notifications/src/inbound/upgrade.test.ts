import { checkOrigin, isSocketPath, tokenIn } from './upgrade.js';

const protocols = (text: string) => ({ 'sec-websocket-protocol': text });

describe('asking for a socket', () => {
  it('takes the token from among the protocols, as a browser must send it, or from a header', () => {
    expect(tokenIn({ headers: protocols('gstore.v1, bearer.abc') })).toBe('abc');
    expect(tokenIn({ headers: { authorization: 'Bearer abc' } })).toBe('abc');
    expect(tokenIn({ headers: { ...protocols('gstore.v1'), authorization: 'bearer abc' } })).toBe('abc');
  });

  it.each([
    ['nothing', {}],
    ['a protocol alone', protocols('gstore.v1')],
    ['an empty token', protocols('gstore.v1, bearer.')],
    ['two tokens', protocols('bearer.a, bearer.b')],
    ['a token of each kind', { ...protocols('bearer.a'), authorization: 'Bearer b' }],
    ['another scheme', { authorization: 'Basic abc' }],
    ['something behind the token', { authorization: 'Bearer abc def' }],
  ])('with %s is refused', (_what, headers) => {
    expect(() => tokenIn({ headers })).toThrow(expect.objectContaining({ code: 'unauthenticated' }));
  });

  it('is for the pages of the list, and for programs, which name none', () => {
    const origins = new Set(['http://localhost:3000']);
    expect(() => checkOrigin({ headers: {} }, origins)).not.toThrow();
    expect(() => checkOrigin({ headers: { origin: 'http://localhost:3000' } }, origins)).not.toThrow();
    for (const origin of ['http://evil.example', 'null', '', 'http://localhost:3000.evil.example'])
      expect(() => checkOrigin({ headers: { origin } }, origins)).toThrow(
        expect.objectContaining({ code: 'forbidden' }),
      );
  });

  it('is for one place only', () => {
    expect(['/ws', '/ws/', '/ws/orders/', '/ws?x=1'].every(isSocketPath)).toBe(true);
    expect(['/', '/wss', '/ws/other', undefined].some(isSocketPath)).toBe(false);
  });
});
