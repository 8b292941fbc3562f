import { clearRefreshCookie, refreshCookie, requireOwnOrigin, setRefreshCookie } from './refresh-cookie.js';

describe('the refresh cookie', () => {
  it('is hidden from scripts, from other sites and from all other paths', () => {
    expect(setRefreshCookie('token', { secure: false, maxAge: 60 })).toEqual({
      'set-cookie': 'gstore_refresh=token; HttpOnly; SameSite=Strict; Path=/api/identity/v1/sessions; Max-Age=60',
    });
  });
  it('travels only encrypted where the shop is served encrypted', () =>
    expect(setRefreshCookie('token', { secure: true, maxAge: 60 })['set-cookie']).toMatch(/; Secure$/));
  it('is taken back whole', () =>
    expect(clearRefreshCookie({ secure: false })['set-cookie']).toContain('gstore_refresh=; HttpOnly'));

  it.each([
    ['gstore_refresh=abc', 'abc'],
    ['theme=dark; gstore_refresh=abc; lang=en', 'abc'],
    ['gstore_refresh=', undefined],
    ['not_gstore_refresh=abc', undefined],
    [undefined, undefined],
  ])('is found in %j', (cookie, token) => expect(refreshCookie(cookie === undefined ? {} : { cookie })).toBe(token));

  it('is of use only to pages of our own', () => {
    const origins = ['http://localhost:8000'];
    expect(() => requireOwnOrigin({ origin: 'http://localhost:8000' }, origins)).not.toThrow();
    for (const origin of [
      'http://localhost:8001',
      'https://localhost:8000',
      'null',
      'http://localhost:8000.evil.test',
    ]) {
      expect(() => requireOwnOrigin({ origin }, origins)).toThrow('allowed origin');
    }
    expect(() => requireOwnOrigin({}, origins)).toThrow('allowed origin');
  });
});
