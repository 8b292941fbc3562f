import { encode, PointsEvent } from '@g-store/contracts';
import { points } from './figure.mts';
import { memoryOf } from './service.mts';
import { requestInNaive, requestInOurs } from './told.mts';

const meta = {
  eventId: '0199f000-0000-7000-8000-000000000001',
  aggregateId: '7',
  aggregateVersion: 1,
  owner: '7',
  occurredAt: new Date(0),
  correlationId: 'c',
};
const left = { accountId: '7', balance: 100n, accountVersion: 1 };

describe('the figure of points', () => {
  const run = { p50: 1, p99: 2 };
  const reads = ['balance', 'statement', 'naive'].flatMap((what) => [
    [`d ${what} long`, [run]],
    [`d ${what} short`, [run]],
  ]);

  it('tells the parts that were measured, and no others', () => {
    const text = points.render({ numbers: Object.fromEntries(reads), settings: {} });
    expect(text).toContain('(d) Balance and statement');
    expect(text).toContain('balance 1.00 × (above the floor)');
    expect(text).not.toContain('(a)');
  });

  it('says when a floor is not held', () => {
    const slow = { ...Object.fromEntries(reads), 'd balance long': [{ p50: 1, p99: 5 }] };
    expect(points.render({ numbers: slow, settings: {} })).toContain('balance 2.50 × (BELOW THE FLOOR)');
  });
});

describe('a request', () => {
  it('is known to be applied by the adjustment that names it', () => {
    const requestId = '0199f000-0000-7000-8000-000000000002';
    const value = { ...left, change: 100n, reason: 'request: add', actor: 'bench' };
    expect(requestInOurs(encode(PointsEvent, { meta, case: 'adjusted', value: { ...value, requestId } }))).toBe(
      requestId,
    );
    expect(requestInOurs(encode(PointsEvent, { meta, case: 'adjusted', value }))).toBeUndefined();
    const earned = { ...left, orderNumber: '18', points: 100n };
    expect(requestInOurs(encode(PointsEvent, { meta, case: 'earned', value: earned }))).toBeUndefined();
    expect(requestInNaive(Buffer.from(JSON.stringify({ requestId })))).toBe(requestId);
  });
});

it('the memory of a process is the most that it held, and nothing once it is gone', () => {
  const own = memoryOf(process.pid);
  expect(own.now).toBeGreaterThan(10);
  expect(own.most).toBeGreaterThanOrEqual(own.now);
  expect(memoryOf(2 ** 30)).toEqual({ now: 0, most: 0 });
});
