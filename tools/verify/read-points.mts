import type { Database } from './databases.mts';
import type { PointsFact, RewardFact } from './facts.mts';
import type { PointsLedgerFacts } from './money.mts';
import { brokenIn } from './read-databases.mts';
import { built } from './where.mts';

interface PointsQueries {
  readonly pointsInvariants: Readonly<Record<keyof PointsLedgerFacts['broken'], string>>;
}

export async function readPointsLedger(points: Database): Promise<PointsLedgerFacts> {
  const { pointsInvariants } = await built<PointsQueries>('services/points/dist/outbound/invariants.js');
  const counts = await points.one<Record<'accounts' | 'entries' | 'orders', bigint>>(
    `SELECT (SELECT count(*) FROM points_account) AS accounts, (SELECT count(*) FROM points_events) AS entries,
       (SELECT count(*) FROM points_order) AS orders`,
  );
  return {
    broken: await brokenIn(points, pointsInvariants),
    accounts: Number(counts.accounts),
    entries: Number(counts.entries),
    orders: Number(counts.orders),
  };
}

export const readOrdersOfPoints = (points: Database): Promise<readonly PointsFact[]> =>
  points.rows(`SELECT o.order_id AS "orderId", o.owner, o.state, o.points, e.account_id AS "earnedBy", e.change AS earned
    FROM points_order o LEFT JOIN points_events e ON e.kind = 'earned' AND e.cause = o.number`);

export const readRewards = (accrual: Database): Promise<readonly RewardFact[]> =>
  accrual.rows(`SELECT order_id AS "orderId", owner, coalesce(reward, 0) AS points FROM reward_order
    WHERE issued AND decided_at IS NOT NULL`);
