import { comebackAfter } from './comeback.js';

const end = { why: 'closed', code: 1006, reason: '' } as const;
const waits = (random: number) =>
  [0, 1, 2, 3, 5, 6, 50].map((failures) => comebackAfter(end, failures, () => random).waitMs);

describe('coming back', () => {
  it('takes anything from nothing to twice as long as the time before, and half a minute at most', () => {
    expect(waits(0)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(waits(1)).toEqual([500, 1_000, 2_000, 4_000, 16_000, 30_000, 30_000]);
  });

  it.each(['restarting; come back in 99999999 ms', 'restarting', 'come back in -5 ms'])(
    'is not sent away for ever: %s',
    (reason) => {
      expect(comebackAfter({ ...end, code: 1012, reason }, 0, () => 1).waitMs).toBeLessThanOrEqual(30_000);
    },
  );
});
