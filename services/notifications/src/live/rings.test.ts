import { createRings } from './rings.js';

const news = (owner: string, key: string, version = 1) => ({
  owner,
  key,
  version,
  occurredAtMs: 0,
  open: 'x'.repeat(180),
});

describe('what is kept for those who come back', () => {
  const setUp = (maxBytes = 1_000_000) => {
    let now = 0;
    const rings = createRings({ slots: 2, windowMs: 1_000, maxBytes, nowMs: () => now });
    rings.begin(0, 10);
    rings.begin(1, 20);
    const add = (slot: number, offset: number, owner = 'ann', key = 'o') =>
      rings.add(slot, { offset, atMs: now }, news(owner, key));
    return { rings, add, moveTo: (ms: number) => void (now = ms) };
  };
  const offsets = (entries: readonly { slot: number; offset: number }[]) =>
    entries.map(({ slot, offset }) => `${slot}/${offset}`);

  it('is given in the order in which it came, from any position on', () => {
    const { rings, add } = setUp();
    add(0, 10);
    add(1, 20);
    add(0, 11);
    expect(rings.head()).toEqual([12, 21]);
    expect(offsets(rings.since([10, 20]))).toEqual(['0/10', '1/20', '0/11']);
    expect(offsets(rings.since([11, 20]))).toEqual(['1/20', '0/11']);
    expect(offsets(rings.since([12, 21]))).toEqual([]);
  });

  it('is found by its owner without a look at what belongs to others', () => {
    const { rings, add } = setUp();
    add(0, 10, 'ann');
    add(1, 20, 'bob');
    add(0, 11, 'ann');
    expect(offsets(rings.sinceOfOwner([10, 20], 'ann'))).toEqual(['0/10', '0/11']);
    expect(offsets(rings.sinceOfOwner([10, 20], 'bob'))).toEqual(['1/20']);
    expect(offsets(rings.sinceOfOwner([10, 20], 'eve'))).toEqual([]);
  });

  it('goes with the time, and then a position from before no longer reaches', () => {
    const { rings, add, moveTo } = setUp();
    add(0, 10);
    moveTo(900);
    add(0, 11);
    expect(rings.reaches([10, 20])).toBe(true);
    moveTo(1_500);
    expect([rings.reaches([10, 20]), rings.reaches([11, 20])]).toEqual([false, true]);
    expect(offsets(rings.sinceOfOwner([11, 20], 'ann'))).toEqual(['0/11']);
  });

  it('takes no more memory than it may, however much comes', () => {
    const { rings, add } = setUp(50_000);
    for (let offset = 10; offset < 5_000; offset += 1) add(0, offset, `user-${offset}`);
    expect(rings.bytes).toBeLessThanOrEqual(51_000);
    expect(rings.reaches([10, 20])).toBe(false);
    expect(rings.sinceOfOwner([0, 0], 'user-10')).toEqual([]);
  });

  it('does not pretend to know what lies in a hole between two records', () => {
    const { rings, add } = setUp();
    add(0, 10);
    add(0, 15);
    expect([rings.reaches([10, 20]), rings.reaches([11, 20]), rings.reaches([15, 20])]).toEqual([false, false, true]);
  });

  it('reaches nowhere for a position far ahead of anything: its topic was made anew', () => {
    const { rings } = setUp();
    expect([rings.reaches([12, 20]), rings.reaches([10 ** 12, 20])]).toEqual([true, false]);
  });

  it('comes past records that are no news', () => {
    const { rings, add } = setUp();
    rings.pass(0, 10);
    add(0, 11);
    expect([rings.head(), rings.reaches([10, 20])]).toEqual([[12, 20], true]);
  });
});
