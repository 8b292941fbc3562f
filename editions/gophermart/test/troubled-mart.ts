import { createDatabase, eventually, type TestDatabase } from '@g-store/testing';
import { startAccrualStandIn, type AccrualStandIn } from './accrual-stand-in.js';
import type { Customer } from './customer.js';
import { start, type Program } from './running-programs.js';

export interface TroubledMart {
  readonly database: TestDatabase;
  accrual: AccrualStandIn;
  /** On this database, asking this accrual system; failpoints as the setting takes them. */
  start(failpoints?: string): Promise<Program>;
}

/** A database and an accrual system for each test; after each nothing may be lost, doubled or parked, whatever happened. */
export function inTrouble(): TroubledMart {
  let database: TestDatabase;
  let accrual: AccrualStandIn;
  beforeEach(async () => {
    [database, accrual] = await Promise.all([createDatabase(), startAccrualStandIn()]);
  });
  afterEach(async () => {
    expect(await wrongsIn(database)).toEqual([]);
    await accrual[Symbol.asyncDispose]();
    await database.drop();
  });
  return {
    get database() {
      return database;
    },
    get accrual() {
      return accrual;
    },
    set accrual(another) {
      accrual = another;
    },
    start: (failpoints) =>
      start('gophermart', {
        env: {
          DATABASE_URI: database.ownerUrl,
          ACCRUAL_SYSTEM_ADDRESS: accrual.url,
          ...(failpoints !== undefined && { GSTORE_FAILPOINTS: 'on', FAILPOINTS: failpoints }),
        },
      }),
  };
}

/** What may never be: a balance that is not what its events say, a reward that is credited twice, anything parked. */
const wrongsIn = (database: TestDatabase) => database.sql`
  SELECT 'balance' AS wrong, account_id::text AS what FROM points.points_account a
  WHERE balance < 0 OR balance <> (SELECT coalesce(sum(change), 0) FROM points.points_events e WHERE e.account_id = a.account_id)
  UNION ALL
  SELECT 'rewarded twice', cause FROM points.points_events WHERE kind = 'earned' GROUP BY cause HAVING count(*) > 1
  UNION ALL
  SELECT 'reward and upload differ', number FROM points.upload u
  WHERE status = 'PROCESSED' AND accrual IS DISTINCT FROM
    (SELECT change FROM points.points_events e WHERE e.kind = 'earned' AND e.cause = u.number)
  UNION ALL
  SELECT 'parked', key FROM points.parked`;

export const allProcessed = (customer: Customer, count: number) =>
  eventually(
    async () => {
      const orders = await customer.orders();
      expect(orders.filter(({ status }) => status === 'PROCESSED')).toHaveLength(count);
    },
    { within: 90_000, every: 200 },
  );
