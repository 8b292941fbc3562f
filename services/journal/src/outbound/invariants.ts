import type { Pool } from 'pg';
import type { Finding, Invariant, Mismatch } from '../application/checks.js';

/**
 * What must hold, each as one query for what breaks it. What is wrong is marked when an event is heard and found by its
 * index, so that a look costs the same whether a thousand orders are right or a million.
 */
export const lookAtInvariants =
  (pool: Pick<Pool, 'query'>, consumer: string) =>
  async (before: Date): Promise<readonly Finding[]> => {
    const { rows } = await pool.query<Counts>(countsSql);
    const [{ events, orders, money, points } = none] = rows;
    const find = async (name: Invariant, looked: bigint, sql: string, ...values: unknown[]): Promise<Finding> => {
      const { rows: found } = await pool.query<Mismatch & { readonly total: bigint }>(
        `SELECT wrong.*, count(*) OVER () AS total FROM (${sql}) wrong ORDER BY since LIMIT 20`,
        values,
      );
      const mismatches = found.map(({ orderId, account, detail }) => ({ orderId, account, detail }));
      return { name, looked, mismatches, mismatchCount: Number(found[0]?.total ?? 0n) };
    };
    return [
      await find('money_conserved', orders + money, `${ordersInDoubt} UNION ALL ${accountsInDoubt}`, before, 'money'),
      await find('refunds_within_charges', orders, ordersAtFault),
      await find('points_equal_fold', points, accountsInDoubt, before, 'points'),
      await find('events_published', events, eventsMissing, before, consumer),
      await find('no_order_stuck', orders, ordersStuck, before),
    ];
  };

interface Counts {
  readonly events: bigint;
  readonly orders: bigint;
  readonly money: bigint;
  readonly points: bigint;
}
const none: Counts = { events: 0n, orders: 0n, money: 0n, points: 0n };

const countsSql = `SELECT events, orders, money_accounts AS money, points_accounts AS points FROM tally`;

const ordersInDoubt = `
SELECT order_id AS "orderId", NULL AS account, doubt AS detail, doubt_since AS since
FROM order_journey WHERE doubt IS NOT NULL AND doubt_since < $1`;

const accountsInDoubt = `
SELECT NULL::uuid AS "orderId", account_id AS account, doubt AS detail, doubt_since AS since
FROM account_fold WHERE doubt IS NOT NULL AND doubt_since < $1 AND kind = $2`;

const ordersAtFault = `
SELECT order_id AS "orderId", NULL AS account, heard_at AS since,
       format('charged %s, refunded %s; spent %s points, returned %s', charged, refunded, spent, returned) AS detail
FROM order_journey WHERE fault IS NOT NULL`;

/** A hole in the versions of a key, a second event under one version, or bytes that nobody can read: what waits behind it. */
const eventsMissing = `
SELECT j.order_id AS "orderId", CASE WHEN j.order_id IS NULL THEN p.key END AS account, p.since,
       format('%s %s: %s', p.topic, p.key, p.error) AS detail
FROM (SELECT DISTINCT ON (topic, key) topic, key, error, parked_at AS since FROM parked
      WHERE consumer = $2 AND state = 'waiting' AND parked_at < $1 ORDER BY topic, key, id) p
LEFT JOIN LATERAL (SELECT order_id FROM order_journey
  WHERE order_id = CASE WHEN p.key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN p.key::uuid END) j ON true`;

const ordersStuck = `
SELECT order_id AS "orderId", NULL AS account, waits_since AS since, format('%s, waits for %s', status, waits_for) AS detail
FROM order_journey WHERE waits_for IS NOT NULL AND waits_since < $1 AND heard_at < $1`;
