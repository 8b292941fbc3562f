import { createVirtualTime, systemTimers } from './index.js';

describe('virtual time', () => {
  it('stands still until it is moved', async () => {
    const time = createVirtualTime(new Date('2030-01-01T00:00:00Z'));
    expect([time.now().toISOString(), time.monotonicMs()]).toEqual(['2030-01-01T00:00:00.000Z', 0]);
    await time.advance(1500);
    expect([time.now().toISOString(), time.monotonicMs()]).toEqual(['2030-01-01T00:00:01.500Z', 1500]);
  });

  it('fires timers in the order of their moments, and those of one moment in the order they were set', async () => {
    const time = createVirtualTime();
    const fired: string[] = [];
    const at = (name: string) => () => void fired.push(`${name}@${time.monotonicMs()}`);
    time.after(20, at('late'));
    time.after(10, at('first'));
    time.after(10, at('second'));
    time.after(11, at('cancelled'))[Symbol.dispose]();
    await time.advance(9);
    expect(fired).toEqual([]);
    expect(time.untilNext()).toBe(1);
    await time.advance(100);
    expect(fired).toEqual(['first@10', 'second@10', 'late@20']);
    expect([time.pending(), time.untilNext()]).toEqual([0, undefined]);
  });

  it('lets a loop of sleeps run as often as it would in real time', async () => {
    const time = createVirtualTime();
    let rounds = 0;
    const loop = async () => {
      for (;;) {
        await time.sleep(10);
        rounds += 1;
      }
    };
    void loop();
    await time.advance(1000);
    expect(rounds).toBe(100);
  });
});

describe.each([
  ['virtual', () => createVirtualTime()],
  ['real', () => ({ ...systemTimers, pending: () => 0 })],
])('a sleep in %s time', (_kind, make) => {
  it('ends at once, with its reason, when it is called off', async () => {
    const time = make();
    const calledOff = new AbortController();
    const asleep = time.sleep(60_000, calledOff.signal);
    calledOff.abort(new Error('partition lost'));
    await expect(asleep).rejects.toThrow('partition lost');
    expect(time.pending()).toBe(0);
  });

  it('does not even begin when it was called off before', async () => {
    await expect(make().sleep(60_000, AbortSignal.abort(new Error('closed')))).rejects.toThrow('closed');
  });
});

it('a real sleep ends by itself, and a real timer that was disposed of stays silent', async () => {
  let rang = false;
  systemTimers.after(1, () => (rang = true))[Symbol.dispose]();
  await systemTimers.sleep(5, new AbortController().signal);
  expect(rang).toBe(false);
});
