import { safeReturn } from './return-to.js';

describe('after signing in', () => {
  it.each(['/orders', '/orders/0190c5f0?tab=history', '/'])('somebody goes on at %s', (address) => {
    expect(safeReturn(address)).toBe(address);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    7,
    undefined,
    '/sign-in',
  ])('nobody is sent to %j', (address) => {
    expect(safeReturn(address)).toBeUndefined();
  });
});
