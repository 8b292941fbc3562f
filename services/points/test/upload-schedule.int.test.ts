import { randomUUID } from 'node:crypto';
import { createDatabase } from '@g-store/testing';
import type { TestDatabase } from '@g-store/testing';
import type { Schedule } from '../src/application/schedule.js';
import { pointsMigration } from '../src/migrations/001-points.js';
import { uploadsMigration } from '../src/migrations/002-uploads.js';
import { createUploadSchedule } from '../src/outbound/upload-schedule.js';

let database: TestDatabase;
let schedule: Schedule;
beforeAll(async () => {
  database = await createDatabase({ migrations: [pointsMigration, uploadsMigration] });
  schedule = createUploadSchedule(database.pool, 'http://accrual/');
});
afterAll(() => database?.drop());
beforeEach(() => database.sql`TRUNCATE upload_schedule, upload, accrual_pause, points_order`);

const now = new Date('2026-01-02T03:04:05.000Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1_000);

async function upload(number: string, dueAt: Date, owner = 'u1'): Promise<void> {
  await database.sql`INSERT INTO upload (number, owner, status, version, uploaded_at) VALUES (${number}, ${owner}, 'NEW', 1, ${now})`;
  await database.sql`INSERT INTO upload_schedule VALUES (${number}, ${dueAt}, 0)`;
}

const claimed = async (limit = 10, when = now) =>
  (await schedule.claim(when, limit, new Date(when.getTime() + 60_000))).map(({ number }) => number).sort();

describe('what is due', () => {
  it('is taken the longest due first, and what is not due is left', async () => {
    await upload('1', at(-1));
    await upload('2', at(-3));
    await upload('3', at(-2));
    await upload('4', at(1));
    expect([await claimed(2), await claimed(2), await claimed(2)]).toEqual([['2', '3'], ['1'], []]);
  });

  it('is taken by one of many who ask at once', async () => {
    const numbers = Array.from({ length: 40 }, (_, i) => String(100 + i));
    for (const number of numbers) await upload(number, now);
    const all = await Promise.all(Array.from({ length: 20 }, () => claimed(5)));
    expect(all.flat().sort()).toEqual(numbers);
  });

  it('and locked by somebody else is skipped, not waited for', async () => {
    await upload('1', at(-2));
    await upload('2', at(-1));
    const other = await database.pool.connect();
    await other.query('BEGIN');
    await other.query(`SELECT FROM upload_schedule WHERE number = '1' FOR UPDATE`);
    expect(await claimed()).toEqual(['2']);
    await other.query('ROLLBACK');
    other.release();
    expect(await claimed()).toEqual(['1']);
  });

  it('falls due again by itself when nothing more is heard of whoever took it', async () => {
    await upload('1', now);
    expect([await claimed(), await claimed(10, at(59)), await claimed(10, at(60))]).toEqual([['1'], [], ['1']]);
  });

  it('is put off, and is gone when it is finished', async () => {
    await upload('1', now);
    await upload('2', now);
    await schedule.postpone([
      { number: '1', dueAt: at(30), attempts: 7 },
      { number: '2', dueAt: at(90), attempts: 1 },
    ]);
    expect(await schedule.claim(at(30), 10, at(60))).toEqual([
      { number: '1', owner: 'u1', status: 'NEW', attempts: 7 },
    ]);
    await schedule.finish(['1', '2']);
    expect(await claimed(10, at(1_000))).toEqual([]);
  });

  it('says whose order it is, and what it has earned, when that is known', async () => {
    await upload('18', now);
    await database.sql`INSERT INTO points_order VALUES (${randomUUID()}, 'u2', '18', 'none', 0, 0, ${now}, ${now})`;
    await database.sql`INSERT INTO points_events (account_id, version, kind, change, balance_after, cause, at)
                       VALUES ('u2', 1, 'earned', 500, 500, '18', ${now})`;
    expect(await schedule.claim(now, 10, at(60))).toMatchObject([{ number: '18', shopOwner: 'u2', earned: 500n }]);
  });
});

describe('a pause', () => {
  it('lets nobody take anything for that system until it is over, and no other pause makes it shorter', async () => {
    await upload('1', now);
    await schedule.pause(at(60));
    await schedule.pause(at(30));
    expect(await schedule.pausedUntil()).toEqual(at(60));
    expect([await claimed(10, at(59)), await claimed(10, at(60))]).toEqual([[], ['1']]);
  });

  it('is for one system alone', async () => {
    await upload('1', now);
    await createUploadSchedule(database.pool, 'http://another/').pause(at(60));
    expect([await claimed(), await schedule.pausedUntil()]).toEqual([['1'], undefined]);
  });
});
