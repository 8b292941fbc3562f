import type { ClientBase } from 'pg';

export interface Violation {
  readonly invariant: keyof typeof paymentInvariants;
  readonly what: string;
  readonly is: string;
  readonly should_be: string;
}

/** Everything that is wrong with the ledger at one instant; empty when nothing is. */
export async function verifyPayments(client: ClientBase): Promise<readonly Violation[]> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    return await violationsIn(client);
  } finally {
    await client.query('COMMIT');
  }
}

/** As the transaction that the client is in sees it. */
export async function violationsIn(client: ClientBase): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (const [invariant, text] of Object.entries(paymentInvariants)) {
    const { rows } = await client.query<Omit<Violation, 'invariant'>>(text);
    violations.push(...rows.map((row) => ({ invariant: invariant as Violation['invariant'], ...row })));
  }
  return violations;
}

/**
 * What must hold in this database at every instant, each as one query that answers with what breaks it: no rows, no fault.
 */
export const paymentInvariants = {
  /** Nothing is made or lost: wallets (as their rows say, not as the ledger says), clearing, revenue and world add up to 0. */
  I1: `
SELECT 'all postings' AS what, sum(amount)::text AS is, '0' AS should_be FROM posting HAVING sum(amount) <> 0
UNION ALL
SELECT 'balances and the other side', total::text, '0' FROM (
  SELECT coalesce((SELECT sum(balance) FROM wallet), 0)
       + coalesce((SELECT sum(amount) FROM posting WHERE NOT starts_with(account, 'wallet:')), 0) AS total) t
WHERE total <> 0`,

  /** Each balance is the sum of its postings, each version their number, and what is held is what may still come back. */
  I2: `
SELECT 'wallet ' || w.user_id AS what,
       format('balance %s, held %s, version %s', w.balance, w.held, w.version) AS is,
       format('balance %s, held %s, version %s', coalesce(p.balance, 0), coalesce(p.held, 0), coalesce(p.version, 0)) AS should_be
FROM wallet w LEFT JOIN (
  SELECT user_id,
         sum(CASE kind WHEN 'settle' THEN 0 WHEN 'charge' THEN -amount ELSE amount END) AS balance,
         sum(CASE kind WHEN 'top_up' THEN 0 WHEN 'charge' THEN amount ELSE -amount END) AS held,
         count(wallet_version) AS version
  FROM transfer GROUP BY user_id) p USING (user_id)
WHERE (w.balance, w.held, w.version) IS DISTINCT FROM (coalesce(p.balance, 0), coalesce(p.held, 0), coalesce(p.version, 0))
UNION ALL
SELECT 'transfer ' || id, balance_after::text, expected::text FROM (
  SELECT id, balance_after,
         sum(CASE kind WHEN 'charge' THEN -amount ELSE amount END) OVER (PARTITION BY user_id ORDER BY wallet_version) AS expected
  FROM transfer WHERE wallet_version IS NOT NULL) s
WHERE balance_after <> expected`,

  /** No wallet is below 0, nor ever was. */
  I3: `
SELECT 'wallet ' || user_id AS what, balance::text AS is, '0 or more' AS should_be FROM wallet WHERE balance < 0
UNION ALL
SELECT 'transfer ' || id, balance_after::text, '0 or more' FROM transfer WHERE balance_after < 0`,

  /** An order is charged at most once and gets back no more than that; in a final state nothing of it is in clearing. */
  I5: `
SELECT 'order ' || o.order_id AS what,
       format('%s, charged %s × %s, settled %s, refunded %s', coalesce(p.state, 'unknown'), o.charges, o.charged, o.settled, o.refunded) AS is,
       CASE coalesce(p.state, 'unknown')
         WHEN 'charged' THEN format('charged once %s', p.amount)
         WHEN 'settled' THEN format('charged and settled %s', p.amount)
         WHEN 'refunded' THEN format('charged and refunded %s', p.amount)
         ELSE 'no transfer' END AS should_be
FROM (
  SELECT coalesce(t.order_id, q.order_id) AS order_id,
         count(*) FILTER (WHERE kind = 'charge') AS charges,
         coalesce(sum(t.amount) FILTER (WHERE kind = 'charge'), 0) AS charged,
         coalesce(sum(t.amount) FILTER (WHERE kind = 'settle'), 0) AS settled,
         coalesce(sum(t.amount) FILTER (WHERE kind = 'refund'), 0) AS refunded
  FROM (SELECT * FROM transfer WHERE order_id IS NOT NULL) t FULL JOIN payment q USING (order_id)
  GROUP BY 1) o LEFT JOIN payment p USING (order_id)
WHERE o.charges > 1
   OR (o.charged, o.settled, o.refunded) IS DISTINCT FROM (
        CASE WHEN p.state IN ('charged', 'settled', 'refunded') THEN p.amount::numeric ELSE 0 END,
        CASE WHEN p.state = 'settled' THEN p.amount::numeric ELSE 0 END,
        CASE WHEN p.state = 'refunded' THEN p.amount::numeric ELSE 0 END)`,

  /** At most one transfer of a kind for one order. */
  I8: `
SELECT 'order ' || order_id AS what, format('%s × %s', count(*), kind) AS is, 'once' AS should_be
FROM transfer WHERE order_id IS NOT NULL GROUP BY order_id, kind HAVING count(*) > 1`,
} as const;

/**
 * For comparing with orders and journal (I12): every payment by order.
 * @public read by tools/verify from the built service
 */
export const paymentsByOrder = `SELECT order_id, owner, state, amount, reason FROM payment ORDER BY order_id`;
