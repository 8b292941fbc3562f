import { createMetrics, createVirtualTime, silentLog } from '@g-store/runtime';
import { startChecks } from './checks.js';

it('looks again and again at what has been wrong for longer than it may be under way', async () => {
  const time = createVirtualTime();
  const looks: number[] = [];
  const startedMs = time.clock.now().getTime();
  await using checks = startChecks({
    look: async (before) => (looks.push(before.getTime() - startedMs), []),
    graceMs: 30_000,
    everyMs: 5_000,
    ...time,
    log: silentLog,
    metrics: createMetrics({ service: 'journal' }),
  });
  await time.advance(10_000);
  expect(looks).toEqual([-30_000, -25_000, -20_000]);
  expect(checks.last()?.checkedAt.getTime()).toBe(startedMs + 10_000);
});
