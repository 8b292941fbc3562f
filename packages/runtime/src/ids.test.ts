import { createIds, systemClock } from './index.js';

describe('ids', () => {
  it('are UUIDs of version 7 that hold the time', () => {
    const at = new Date('2030-01-02T03:04:05.678Z');
    const id = createIds({ now: () => at, monotonicMs: () => 0 }).next();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(at.getTime());
  });

  it('grow, within one millisecond too', () => {
    const ids = createIds(systemClock);
    const made = Array.from({ length: 20_000 }, () => ids.next());
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('grow even when the clock is set back, and go with it again when it has caught up', () => {
    let now = 2_000_000_000_000;
    const ids = createIds({ now: () => new Date(now), monotonicMs: () => 0 });
    const first = ids.next();
    now -= 60_000;
    const second = ids.next();
    now += 120_000;
    const third = ids.next();
    expect([third, second, first].sort()).toEqual([first, second, third]);
    expect(Number.parseInt(third.replace('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('of two processes do not meet, though their clocks agree', () => {
    const clock = { now: () => new Date(2_000_000_000_000), monotonicMs: () => 0 };
    const [one, other] = [createIds(clock), createIds(clock)];
    const made = Array.from({ length: 1000 }, () => [one.next(), other.next()]).flat();
    expect(new Set(made).size).toBe(2000);
  });
});
