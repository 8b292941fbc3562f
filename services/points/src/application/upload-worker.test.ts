import { createVirtualTime, silentLog } from '@g-store/runtime';
import type { Answer } from './accrual-system.js';
import { fakeSchedule } from './schedule.fake.js';
import type { FakeSchedule } from './schedule.fake.js';
import { startUploadWorker } from './upload-worker.js';
import type { UploadWorker } from './upload-worker.js';
import type { Outcome } from './uploads.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const processed = (accrual: bigint): Answer => ({ kind: 'processed', accrual });
const limited = (retryAfterMs: number, perMinute?: number): Answer => ({
  kind: 'limited',
  retryAfterMs,
  ...(perMinute === undefined ? {} : { perMinute }),
});

interface World extends AsyncDisposable {
  readonly time: ReturnType<typeof createVirtualTime>;
  readonly schedule: FakeSchedule;
  readonly settled: Map<string, Outcome[]>;
  readonly progressed: string[];
  readonly given: [number: string, owner: string][];
  /** When each question was asked, ms since the beginning. */
  readonly asked: { readonly number: string; readonly atMs: number }[];
  readonly most: () => number;
  upload(...numbers: string[]): void;
  worker(): UploadWorker;
}

/** Workers over one schedule, an accrual system that answers as told after `answerMs`, and time that stands still. */
function world(
  answer: (number: string, atMs: number) => Answer,
  { answerMs = 20, concurrency = 4, settleFails = (): boolean => false, settleMs = 0, perMinute = 0 } = {},
): World {
  const time = createVirtualTime();
  const schedule = fakeSchedule();
  const settled = new Map<string, Outcome[]>();
  const progressed: string[] = [];
  const given: [string, string][] = [];
  const asked: { number: string; atMs: number }[] = [];
  const workers: UploadWorker[] = [];
  let underWay = 0;
  let most = 0;
  const worker = (): UploadWorker => {
    const started = startUploadWorker({
      schedule,
      accrual: {
        ask: async (number) => {
          asked.push({ number, atMs: time.monotonicMs() });
          most = Math.max(most, (underWay += 1));
          const said = answer(number, time.monotonicMs());
          await time.sleep(answerMs);
          underWay -= 1;
          return said;
        },
        [Symbol.dispose]: () => undefined,
      },
      commands: {
        settle: async ({ number }, outcome) => {
          if (settleMs > 0) await time.sleep(settleMs);
          if (settleFails()) throw new Error('the database is away');
          settled.set(number, [...(settled.get(number) ?? []), outcome]);
          schedule.change(number, { status: outcome.accrual === undefined ? 'INVALID' : 'PROCESSED' });
        },
        progress: async ({ number }) => {
          progressed.push(number);
          schedule.change(number, { status: 'PROCESSING' });
        },
        giveToOwner: async ({ number }, owner) => {
          given.push([number, owner]);
          schedule.change(number, { owner });
        },
      },
      clock: time,
      timers: time,
      randomness: { next: () => 0.5 },
      log: silentLog,
      concurrency,
      ...(perMinute > 0 && { perMinute }),
    });
    workers.push(started);
    return started;
  };
  return {
    time,
    schedule,
    settled,
    progressed,
    given,
    asked,
    most: () => most,
    upload: (...numbers) =>
      numbers.forEach((number) =>
        schedule.add({ number, owner: 'u1', status: 'NEW', attempts: 0 }, new Date(time.now())),
      ),
    worker,
    async [Symbol.asyncDispose]() {
      const ended = Promise.all(workers.map((each) => each[Symbol.asyncDispose]()));
      await time.advance(10 * SECOND);
      await ended;
    },
  };
}

const numbers = (n: number): string[] => Array.from({ length: n }, (_, i) => String(i));

describe('an uploaded order', () => {
  it('is asked about at once when there is word of it, and never again once it is decided', async () => {
    await using here = world(() => processed(72_998n));
    const worker = here.worker();
    await here.time.advance(10); // it has looked, and rests
    here.upload('18');
    worker.wake();
    await here.time.advance(25);
    expect(here.settled.get('18')).toEqual([{ accrual: 72_998n }]);
    await here.time.advance(HOUR);
    expect(here.asked).toHaveLength(1);
    expect(here.schedule.entries.size).toBe(0);
  });

  it('is found within a third of a second when nobody says anything', async () => {
    await using here = world(() => ({ kind: 'invalid' }));
    here.worker();
    await here.time.advance(10);
    here.upload('18');
    await here.time.advance(330);
    expect(here.settled.get('18')).toEqual([{ accrual: undefined }]);
  });

  it('in hand is shown so once, and asked about again within a second', async () => {
    await using here = world((_, atMs) => (atMs < 100 ? { kind: 'processing' } : processed(5n)));
    here.upload('18');
    here.worker();
    await here.time.advance(SECOND);
    expect(here.progressed).toEqual(['18']);
    expect(here.settled.get('18')).toHaveLength(1);
  });

  it('that is not known for hours is never given up, asked about ever more seldom, and decided when it is known', async () => {
    await using here = world((_, atMs) => (atMs < 5 * HOUR ? { kind: 'unknown' } : processed(1n)));
    here.upload('18');
    here.worker();
    await here.time.advance(5 * HOUR);
    expect(here.settled.size).toBe(0);
    expect(here.asked.length).toBeLessThan(5 * 60 * 2);
    const gaps = here.asked.map(({ atMs }, i) => atMs - (here.asked[i - 1]?.atMs ?? atMs));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(61 * SECOND);
    await here.time.advance(61 * SECOND);
    expect(here.settled.get('18')).toHaveLength(1);
  });

  it.each(['status 500', 'no whole answer in time', 'not an answer that can be understood'])(
    'is not decided by a system that fails: %s',
    async (why) => {
      await using here = world((_, atMs) => (atMs < 3 * HOUR ? { kind: 'failed', why } : processed(1n)));
      here.upload('18');
      here.worker();
      await here.time.advance(3 * HOUR);
      expect(here.settled.size).toBe(0);
      expect(here.asked.length).toBeLessThan(200);
      await here.time.advance(2 * MINUTE + SECOND);
      expect(here.settled.get('18')).toHaveLength(1);
    },
  );

  it('whose reward cannot be written down is asked about again', async () => {
    let away = 3;
    await using here = world(() => processed(1n), { settleFails: () => (away -= 1) >= 0 });
    here.upload('18');
    here.worker();
    await here.time.advance(MINUTE);
    expect(here.settled.get('18')).toHaveLength(1);
  });

  it('of somebody else in our own shop goes to its owner before anybody is asked', async () => {
    await using here = world(() => ({ kind: 'unknown' }));
    here.upload('18');
    here.schedule.change('18', { shopOwner: 'u2' });
    here.worker();
    await here.time.advance(SECOND);
    expect(here.given).toEqual([['18', 'u2']]);
  });
});

it('asks nobody about an order whose reward was told meanwhile', async () => {
  await using here = world(() => ({ kind: 'unknown' }));
  here.upload('18');
  here.schedule.change('18', { earned: 500n });
  here.worker();
  await here.time.advance(SECOND);
  expect([here.settled.get('18'), here.asked]).toEqual([[{ accrual: 500n }], []]);
});

describe('an accrual system that was asked too often', () => {
  it('is asked nothing at all for as long as it says, about no order, and then about every one of them', async () => {
    await using here = world((_, atMs) => (atMs < 50 ? limited(MINUTE) : processed(1n)));
    here.upload(...numbers(50));
    here.worker();
    await here.time.advance(MINUTE);
    const before = here.asked.length;
    expect(before).toBeLessThanOrEqual(4); // those that were under way together
    expect(here.settled.size).toBe(0);
    await here.time.advance(2 * SECOND);
    expect(here.settled.size).toBe(50);
    expect(here.asked.filter(({ atMs }) => atMs > 50 && atMs < MINUTE)).toEqual([]);
  });

  it('is left alone by other processes too, and after a restart', async () => {
    await using here = world((_, atMs) => (atMs < 50 ? limited(HOUR) : processed(1n)));
    here.upload('18');
    const first = here.worker();
    await here.time.advance(100);
    await first[Symbol.asyncDispose]();
    here.upload('26');
    here.worker();
    await here.time.advance(HOUR - SECOND);
    expect(here.asked).toHaveLength(1);
    await here.time.advance(2 * SECOND);
    expect([...here.settled.keys()].sort()).toEqual(['18', '26']);
  });

  const allowing = (perMinute: number) => {
    let minute = { from: 0, count: 0 };
    return (_: string, atMs: number): Answer => {
      if (atMs >= minute.from + MINUTE) minute = { from: atMs, count: 0 };
      minute.count += 1;
      return minute.count > perMinute ? limited(MINUTE, perMinute) : processed(1n);
    };
  };

  it('is asked no more often than it allows from the start, where that is known', async () => {
    await using here = world(allowing(600), { answerMs: 5, perMinute: 600 });
    here.upload(...numbers(3_000));
    here.worker();
    await here.time.advance(6 * MINUTE);
    expect(here.settled.size).toBe(3_000);
    expect(here.asked).toHaveLength(3_000); // not one of them refused
  });

  it('is from then on asked no more often than it allows', async () => {
    await using here = world(allowing(600), { answerMs: 5 });
    here.upload(...numbers(3_000));
    here.worker();
    await here.time.advance(8 * MINUTE);
    expect(here.settled.size).toBe(3_000);
    expect(here.asked.length).toBeLessThanOrEqual(3_000 + 4); // refused once, all those under way
  });
});

describe('many uploads', () => {
  it('are asked about a few at a time, each until it is decided, each once', async () => {
    await using here = world((number) => processed(BigInt(number) + 1n), { concurrency: 8 });
    here.upload(...numbers(500));
    here.worker();
    await here.time.advance(10 * SECOND);
    expect(here.most()).toBe(8);
    expect(here.settled.size).toBe(500);
    expect(here.asked).toHaveLength(500);
  });

  it('are asked about side by side, so that slow answers hold up no more than their share', async () => {
    await using here = world(() => processed(1n), { answerMs: 2 * SECOND, concurrency: 4 });
    here.upload(...numbers(8));
    here.worker();
    await here.time.advance(4 * SECOND + 100);
    expect(here.settled.size).toBe(8);
  });

  it('are shared by two processes, none of them asked about twice', async () => {
    await using here = world(() => processed(1n));
    here.upload(...numbers(200));
    here.worker();
    here.worker();
    await here.time.advance(10 * SECOND);
    expect(here.settled.size).toBe(200);
    expect(here.asked).toHaveLength(200);
  });

  it('that a process had in hand when it died are taken up by another once its lease has run out', async () => {
    await using here = world(() => processed(1n));
    here.upload('18', '26');
    await here.schedule.claim(here.time.now(), 2, new Date(here.time.now().getTime() + MINUTE)); // and nothing more is heard of it
    here.worker();
    await here.time.advance(59 * SECOND);
    expect(here.asked).toEqual([]);
    await here.time.advance(2 * SECOND);
    expect(here.settled.size).toBe(2);
  });

  it('that are in hand when the process is told to stop are finished or left for the next', async () => {
    await using here = world(() => processed(1n), { answerMs: SECOND, settleMs: 50 });
    here.upload(...numbers(20));
    const worker = here.worker();
    await here.time.advance(500);
    const stopped = worker[Symbol.asyncDispose]();
    await here.time.advance(2 * SECOND);
    await stopped;
    expect(here.settled.size).toBe(4);
    expect(here.schedule.entries.size).toBe(16);
    here.worker();
    await here.time.advance(10 * SECOND);
    expect(here.settled.size).toBe(20);
    expect(here.asked).toHaveLength(20);
  });
});
