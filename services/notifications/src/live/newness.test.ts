import { createNewness } from './newness.js';

const WINDOW_MS = 600_000;

describe('what is news', () => {
  it('is remembered for so many keys and no more', () => {
    let now = 0;
    const newness = createNewness({ windowMs: WINDOW_MS, nowMs: () => now, most: 100 });
    for (let order = 0; order < 1_000; order += 1)
      newness.isNews(0, { key: `o${order}`, version: 1, occurredAtMs: now });
    expect(newness.size).toBe(100);
    now = 10 * WINDOW_MS;
    newness.isNews(0, { key: 'new', version: 1, occurredAtMs: now });
    expect(newness.size).toBe(1);
  });

  it('is not the same for an order and a payment of one id', () => {
    const newness = createNewness({ windowMs: WINDOW_MS, nowMs: () => 0 });
    const event = { key: 'o1', version: 1, occurredAtMs: 0 };
    expect([newness.isNews(0, event), newness.isNews(1, event), newness.isNews(0, event)]).toEqual([true, true, false]);
  });

  it('is everything unversioned that is not too old', () => {
    const newness = createNewness({ windowMs: WINDOW_MS, nowMs: () => WINDOW_MS * 5 });
    const event = { key: 'o1', version: 0 };
    expect([
      newness.isNews(0, { ...event, occurredAtMs: WINDOW_MS * 5 }),
      newness.isNews(0, { ...event, occurredAtMs: 0 }),
    ]).toEqual([true, false]);
  });
});
