import { createIds, createLog, systemClock, systemTimers, type Clock, type Timers } from '@g-store/runtime';
import { createAuditTrail, openPool } from '@g-store/messaging';
import { createDatabase, eventually } from '@g-store/testing';
import { followLogLevels, LOG_LEVELS_ACT } from '../src/log-levels.js';

it('levels that an operator sets in one process hold in the others, and not in one that starts later', async () => {
  await using database = await createDatabase();
  await using pools = new AsyncDisposableStack();
  const log = createLog({ service: 'orders', levels: 'silent' });
  const pool = pools.adopt(openPool(database.url, { applicationName: 'levels', max: 3, log }), (each) => each.end());
  let now = new Date();
  const clock: Clock = { ...systemClock, now: () => now };
  const trail = createAuditTrail(pool, { clock, ids: createIds(clock) });
  let looks = 0;
  const after: Timers['after'] = (_ms, run) => systemTimers.after(5, () => ((looks += 1), run()));
  const start = () => {
    const levels: string[] = [];
    const setLevels = (text: string): void => void levels.push(text);
    const timers = { ...systemTimers, after };
    return Object.assign(followLogLevels({ trail, log: { ...log, setLevels }, clock, timers }), {
      levels,
    });
  };
  const act = { actor: 'olga', action: LOG_LEVELS_ACT, subject: 'log' };

  using other = start();
  await trail.record({ ...act, detail: 'inbox=loud', outcome: 'failed' });
  await trail.record({ ...act, detail: 'info,inbox=debug', outcome: 'done' });
  await eventually(() => expect(other.levels).toEqual(['info,inbox=debug']));
  now = new Date(now.getTime() + 1);
  using restarted = start();
  await trail.record({ ...act, detail: 'info', outcome: 'done' });
  await eventually(() => expect([other.levels.at(-1), restarted.levels]).toEqual(['info', ['info']]));
  const from = looks;
  await eventually(() => expect(looks).toBeGreaterThan(from + 4));
  expect(other.levels).toEqual(['info,inbox=debug', 'info']);
});
