import { createVirtualTime } from '@g-store/runtime';
import { createAlarm, idlePollMs, pollAfterMs } from './alarm.js';
import { backOffMs } from './appending.js';

describe('how often the relay looks', () => {
  it('soon again while something may be coming, and once a second when nothing does', () => {
    const waits = Array.from({ length: 40 }, (_, inVain) => pollAfterMs(inVain + 1));
    expect(waits[0]).toBe(10);
    // Each look costs as much as a command: an order must not be followed by a flurry of them.
    expect(waits.filter((ms) => ms < 100).length).toBeLessThan(5);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(idlePollMs);
  });

  it('a broker that is away is asked ever less often, and at least every eight seconds', () => {
    const random = { next: () => 0.5 };
    expect(backOffMs(0, random)).toBe(50);
    expect(backOffMs(3, random)).toBe(400);
    expect(backOffMs(1_000, { next: () => 0.999 })).toBeLessThan(8_000);
  });
});

describe('an alarm', () => {
  it('that rings before anybody sleeps wakes the next sleeper at once, and him alone', async () => {
    const time = createVirtualTime();
    const alarm = createAlarm(time.timers);
    alarm.ring();
    await alarm.sleep(1_000);
    let awake = false;
    const sleeping = alarm.sleep(1_000).then(() => (awake = true));
    await Promise.resolve();
    expect(awake).toBe(false);
    alarm.ring();
    await sleeping;
    expect(awake).toBe(true);
  });
});
