import { silentLog, systemTimers, type Timers } from '@g-store/runtime';
import { openPool } from '@g-store/messaging';
import { createDatabase, eventually } from '@g-store/testing';
import { startHold } from '../src/hold.js';

function consumerOfAProcess() {
  let paused = false;
  return {
    get paused() {
      return paused;
    },
    pause: () => void (paused = true),
    resume: () => void (paused = false),
  };
}

it('consumers are held back in every process, over restarts, and no others are', async () => {
  await using database = await createDatabase();
  await using pools = new AsyncDisposableStack();
  const pool = pools.adopt(openPool(database.url, { applicationName: 'hold', max: 3 }), (each) => each.end());
  const after: Timers['after'] = (_ms, run) => systemTimers.after(5, run);
  const start = (name: string, consumer = consumerOfAProcess()) =>
    Object.assign(startHold({ name, consumer, pool, timers: { ...systemTimers, after }, log: silentLog }), {
      consumer,
    });

  using told = start('orders');
  using other = start('orders');
  using stranger = start('payments');
  await told.pause();
  expect(told.consumer.paused).toBe(true);
  await eventually(() => expect(other.consumer.paused).toBe(true));
  using restarted = start('orders');
  await eventually(() => expect(restarted.consumer.paused).toBe(true));
  expect(stranger.consumer.paused).toBe(false);

  await other.resume();
  await eventually(() => expect([told.consumer.paused, restarted.consumer.paused]).toEqual([false, false]));
});
