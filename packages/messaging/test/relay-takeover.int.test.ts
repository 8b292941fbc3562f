import { createHealth, systemTimers } from '@g-store/runtime';
import { createDatabase, eventually } from '@g-store/testing';
import type { TestDatabase } from '@g-store/testing';
import type { Broker } from '../src/broker.js';
import { connect } from '../src/database.js';
import { idlePollMs } from '../src/relay/alarm.js';
import { LeaseLost, newestTick, writeTick } from '../src/relay/ticks.js';
import {
  changeOrder,
  freezableTimers,
  openRelay,
  recordingBroker,
  shopMigration,
  toldOf,
  topic,
  upTo,
  versionsByKey,
  withSession,
} from './outbox-shop.js';
import type { FreezableTimers } from './outbox-shop.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase({ migrations: [shopMigration] });
});
afterEach(() => database.drop());

const change = (key: string): Promise<void> => withSession(database.url, (session) => changeOrder(session, key));

/** Stops for good at the named place, once it has been there; says when. */
function stopAt(place: string) {
  const state = { reached: false, release: (): void => undefined };
  const failpoint = (name: string): Promise<void> | undefined => {
    if (name !== place || state.reached) return undefined;
    state.reached = true;
    return new Promise((resolve) => (state.release = resolve));
  };
  return { state, failpoint };
}

/** What the end of a process does to its connections. */
const cutOff = async (): Promise<void> => {
  await database.sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = ${database.name} AND application_name IN ('relay', 'relay-lease')`;
};

describe('when the process that publishes dies', () => {
  it.each(['relay-after-tick', 'relay-before-append', 'relay-after-append', 'relay-before-tick'])(
    'relay killed between append and next tick, here at %s: the next one goes on within two seconds and leaves nothing out',
    async (place) => {
      const broker = recordingBroker();
      await change('before');
      const { state, failpoint } = stopAt(place);
      const timers = freezableTimers();
      await using killed = await openRelay(database, broker, { failpoint, timers });
      await eventually(() => state.reached);
      timers.freeze();
      await cutOff();
      await change('before');
      await change('after');
      const killedAt = performance.now();
      await using _next = await openRelay(database, broker);
      await eventually(() =>
        expect(versionsByKey(broker.log)).toEqual(
          new Map([
            ['before', [1, 2]],
            ['after', [1]],
          ]),
        ),
      );
      expect(performance.now() - killedAt).toBeLessThan(2_500);
      expect(new Set(broker.log.map(({ value }) => value.toString())).size).toBe(3);
      timers.thaw();
      state.release();
      await eventually(async () => expect((await killed.status()).leader).toBe(false));
    },
  );

  it('a quiet time leaves nothing to send again', async () => {
    const broker = recordingBroker();
    const first = await openRelay(database, broker);
    await change('a');
    await eventually(() => expect(broker.log).toHaveLength(1));
    await first[Symbol.asyncDispose]();
    await using second = await openRelay(database, broker);
    await change('b');
    second.wake();
    await eventually(() => expect(toldOf(broker.log).map(({ key }) => key)).toEqual(['a', 'b']));
  });
});

describe('when two processes want to publish', () => {
  it('two relays, one frozen and thawed: the other takes over, and what the thawed one still sends is only repeats', async () => {
    const broker = recordingBroker();
    const { state, failpoint } = stopAt('on the way to the broker');
    const timers = freezableTimers();
    const slowWay: Broker = {
      ...broker,
      append: async (records) => {
        await failpoint('on the way to the broker');
        return broker.append(records);
      },
    };
    await change('a');
    await using frozen = await openRelay(database, slowWay, { timers, holder: 'frozen' });
    await eventually(() => state.reached);
    timers.freeze();
    await using other = await openRelay(database, broker, { holder: 'other' });
    await eventually(async () => expect((await other.status()).leader).toBe(true));
    for (const _ of upTo(3)) await change('a');
    other.wake();
    await eventually(() => expect(versionsByKey(broker.log)).toEqual(new Map([['a', upTo(4)]])));
    const before = broker.log.length;
    timers.thaw();
    state.release();
    await eventually(() => expect(broker.log.length).toBeGreaterThan(before));
    await eventually(async () => expect((await frozen.status()).leader).toBe(false));
    await change('a');
    other.wake();
    await eventually(() => expect(versionsByKey(broker.log)).toEqual(new Map([['a', upTo(5)]])));
    expect(new Set(broker.log.map(({ value }) => value.toString())).size).toBe(5);
    const ticks = await database.sql<{ fence: string }>`SELECT fence FROM outbox_tick ORDER BY id`;
    const fences = ticks.map(({ fence }) => Number(fence));
    expect(fences).toEqual([...fences].sort((a, b) => a - b));
  });

  it('a frozen relay that wakes up with news to send finds that it may not', async () => {
    const broker = recordingBroker();
    const { state, failpoint } = stopAt('relay-before-tick');
    const timers = freezableTimers();
    await change('a');
    await using frozen = await openRelay(database, broker, { failpoint, timers, holder: 'frozen' });
    await eventually(() => state.reached);
    timers.freeze();
    await using other = await openRelay(database, broker, { holder: 'other' });
    await eventually(() => expect(broker.log).toHaveLength(1));
    timers.thaw();
    state.release();
    await eventually(async () => expect((await frozen.status()).leader).toBe(false));
    expect((await other.status()).leader).toBe(true);
    expect(broker.log).toHaveLength(1);
  });

  it('a frozen relay that wakes up before it reached the broker leaves it alone', async () => {
    const broker = recordingBroker();
    const { state, failpoint } = stopAt('relay-before-append');
    const timers = freezableTimers();
    await change('a');
    await using frozen = await openRelay(database, broker, { failpoint, timers, holder: 'frozen' });
    await eventually(() => state.reached);
    timers.freeze();
    await using _other = await openRelay(database, broker, { holder: 'other' });
    await eventually(() => expect(broker.log).toHaveLength(1));
    timers.thaw();
    state.release();
    await eventually(async () => expect((await frozen.status()).leader).toBe(false));
    expect(broker.log).toHaveLength(1);
  });

  it('nobody writes a tick with a fence of the past', async () => {
    await using _relay = await openRelay(database, recordingBroker());
    await eventually(async () => expect((await database.sql`SELECT FROM outbox_lease WHERE fence = 1`).length).toBe(1));
    const session = await connect(database.url, { applicationName: 'past' });
    try {
      const last = await newestTick(session);
      await expect(writeTick(session, last, last.c, 0n)).rejects.toThrow(LeaseLost);
      await expect(writeTick(session, { ...last, id: last.id - 1n }, last.c, 1n)).rejects.toThrow(LeaseLost);
    } finally {
      await session.end();
    }
  });

  it('the one without the lease wakes the one that has it', async () => {
    const broker = recordingBroker();
    let resting = false;
    // A leader that never looks by itself again once it looks only every second.
    const timers: FreezableTimers = {
      ...freezableTimers(),
      after(ms, run) {
        if (ms !== idlePollMs) return systemTimers.after(ms, run);
        resting = true;
        return { [Symbol.dispose]: () => undefined };
      },
    };
    await using _leader = await openRelay(database, broker, { timers });
    await eventually(() => resting);
    await using other = await openRelay(database, broker);
    await eventually(async () => expect(await other.status()).toMatchObject({ connected: true, leader: false }));
    for (const n of upTo(3)) {
      await change('a');
      resting = false;
      other.wake();
      await eventually(() => expect(broker.log).toHaveLength(n));
      await eventually(() => resting);
    }
  });
});

describe('when something is missing', () => {
  it('starts without a database and goes on when there is one', async () => {
    const broker = recordingBroker();
    await withSession(database.superUrl, (admin) => admin.query(`ALTER ROLE ${database.appRole} NOLOGIN`));
    await using relay = await openRelay(database, broker);
    expect(await relay.status()).toMatchObject({ connected: false, leader: false });
    await withSession(database.superUrl, (admin) => admin.query(`ALTER ROLE ${database.appRole} LOGIN`));
    await change('a');
    await eventually(() => expect(broker.log).toHaveLength(1), { within: 10_000 });
  });

  it('goes on after every connection was cut', async () => {
    const broker = recordingBroker();
    await using relay = await openRelay(database, broker);
    for (const n of upTo(3)) {
      await change('a');
      relay.wake();
      await eventually(() => expect(versionsByKey(broker.log).get('a')).toEqual(upTo(n)), { within: 10_000 });
      await cutOff();
    }
  });

  it('a topic with another number of partitions is red, and nothing is published to it', async () => {
    const broker = recordingBroker();
    broker.counts.set(topic.name, topic.partitions + 1);
    const health = createHealth();
    await change('a');
    await using _relay = await openRelay(database, broker, { health });
    await eventually(() => expect(health.readiness()).toMatchObject({ ready: false, parts: { relay: { ok: false } } }));
    expect(health.readiness().parts['relay']?.detail).toContain('order.events has 5 partitions, not 4');
    expect(broker.log).toEqual([]);
    broker.counts.set(topic.name, topic.partitions);
    await eventually(() => expect(broker.log).toHaveLength(1), { within: 10_000 });
    expect(health.readiness().parts['relay']).toEqual({ ok: true });
  });

  it('an operator pauses publishing for all processes, and resumes it', async () => {
    const broker = recordingBroker();
    await using relay = await openRelay(database, broker);
    await using other = await openRelay(database, broker);
    await eventually(async () => expect((await relay.status()).leader || (await other.status()).leader).toBe(true));
    await eventually(() => relay.pause().then(() => true));
    await eventually(async () => expect((await relay.status()).leader || (await other.status()).leader).toBe(false));
    await change('a');
    other.wake();
    await eventually(async () => expect(await other.status()).toMatchObject({ pending: 1, paused: true }));
    expect(broker.log).toEqual([]);
    await other.resume();
    await eventually(() => expect(broker.log).toHaveLength(1));
    await eventually(async () => expect(await other.status()).toMatchObject({ pending: 0 }));
  });
});
