import { createVirtualTime } from '@g-store/runtime';
import { createRequestLimit } from './request-limit.js';

describe('the number of requests a minute', () => {
  it('is counted for each client apart', () => {
    const allowed = createRequestLimit(2, createVirtualTime());
    expect(['a', 'a', 'a', 'b', 'b', 'b'].map(allowed)).toEqual([true, true, false, true, true, false]);
  });

  it('is there again a minute after the first of them, not earlier', async () => {
    const time = createVirtualTime();
    const allowed = createRequestLimit(1, time);
    expect(allowed('a')).toBe(true);
    await time.advance(59_999);
    expect(allowed('a')).toBe(false);
    await time.advance(1);
    expect([allowed('a'), allowed('a')]).toEqual([true, false]);
  });
});
