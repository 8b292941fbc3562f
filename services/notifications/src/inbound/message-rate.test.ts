import { createMessageRate } from './message-rate.js';

describe('how often a client may speak', () => {
  it('is so many times a second for ever, and twice as many at once', () => {
    let now = 0;
    const rate = createMessageRate(20, () => now);
    const taken = (asked: number) => Array.from({ length: asked }, () => rate.take()).filter(Boolean).length;
    expect(taken(100)).toBe(40);
    expect(taken(1)).toBe(0);
    for (let second = 1; second <= 10; second += 1) {
      now = second * 1_000;
      expect(taken(30)).toBe(20);
    }
  });
});
