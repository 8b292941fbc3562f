import { createHash } from 'node:crypto';
import { parseStaffKeys } from './staff-keys.js';

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');

describe('STAFF_API_KEYS', () => {
  it('lets in whoever holds a key, with its scopes', () => {
    const keys = parseStaffKeys(`warehouse:${digest('k1')}:orders+points, kiosk:${digest('k2').toUpperCase()}:accrual`);
    expect(keys('k1')).toEqual({ kind: 'machine', name: 'warehouse', scopes: ['orders', 'points'] });
    expect(keys('k2')).toEqual({ kind: 'machine', name: 'kiosk', scopes: ['accrual'] });
    for (const wrong of ['', 'k3', digest('k1'), 'k1 ', 'K1']) expect(keys(wrong)).toBeUndefined();
  });

  it('lets nobody in when it is empty', () => {
    for (const empty of ['', ' ', ',', []]) expect(parseStaffKeys(empty)('')).toBeUndefined();
  });

  it.each([
    ['warehouse', /staff API key 1/],
    [`ware house:${digest('k')}:orders`, /name:sha256:scopes/],
    ['warehouse:plain-secret:orders', /64 hex digits/],
    [`warehouse:${digest('k')}:`, /scopes are orders, points, accrual/],
    [`warehouse:${digest('k')}:orders+everything`, /scopes/],
    [`warehouse:${digest('k')}:orders:points`, /scopes/],
    [`a:${digest('k')}:orders,a:${digest('l')}:orders`, /'a' is there twice/],
  ])('is refused as %s, without the secret in the message', (text, message) => {
    expect(() => parseStaffKeys(text)).toThrow(message);
    expect(() => parseStaffKeys(text)).not.toThrow(/plain-secret|[0-9a-f]{64}/);
  });
});
