import type { ClientBase } from 'pg';

export interface Violation {
  readonly invariant: keyof typeof pointsInvariants;
  readonly what: string;
  readonly is: string;
  readonly should_be: string;
}

/** Everything that is wrong with the points at one instant; empty when nothing is. */
export async function verifyPoints(client: ClientBase): Promise<readonly Violation[]> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const violations: Violation[] = [];
    for (const [invariant, text] of Object.entries(pointsInvariants)) {
      const { rows } = await client.query<Omit<Violation, 'invariant'>>(text);
      violations.push(...rows.map((row) => ({ invariant: invariant as Violation['invariant'], ...row })));
    }
    return violations;
  } finally {
    await client.query('COMMIT');
  }
}

/**
 * What must hold in this database at every instant, each as one query that answers with what breaks it: no rows, no fault.
 */
export const pointsInvariants = {
  /** Each snapshot is the fold of its events, whose versions have no gaps and whose balances follow from each other. */
  I2: `
SELECT 'account ' || coalesce(a.account_id, e.account_id) AS what,
       format('balance %s, spent %s, withdrawn %s, version %s, told %s', a.balance, a.spent, a.withdrawn, a.version, a.told) AS is,
       format('balance %s, spent %s, withdrawn %s, version %s, told %s', e.balance, e.spent, e.withdrawn, e.version, e.told) AS should_be
FROM points_account a FULL JOIN (
  SELECT account_id, sum(change) AS balance, count(*) AS version,
         -coalesce(sum(change) FILTER (WHERE kind IN ('spent', 'returned')), 0) AS spent,
         -coalesce(sum(change) FILTER (WHERE kind = 'withdrawn'), 0) AS withdrawn,
         count(*) FILTER (WHERE kind NOT IN ('spent', 'returned')) AS told
  FROM points_events GROUP BY account_id) e USING (account_id)
WHERE (a.balance, a.spent, a.withdrawn, a.version, a.told) IS DISTINCT FROM (e.balance, e.spent, e.withdrawn, e.version, e.told)
UNION ALL
SELECT format('event %s of account %s', version, account_id), format('version %s, balance %s', version, balance_after),
       format('version %s, balance %s', place, expected) FROM (
  SELECT account_id, version, balance_after,
         row_number() OVER own AS place, sum(change) OVER own AS expected
  FROM points_events WINDOW own AS (PARTITION BY account_id ORDER BY version)) s
WHERE (version, balance_after) IS DISTINCT FROM (place, expected)`,

  /** No account is below 0, nor ever was. */
  I3: `
SELECT 'account ' || account_id AS what, balance::text AS is, '0 or more' AS should_be FROM points_account WHERE balance < 0
UNION ALL
SELECT format('event %s of account %s', version, account_id), balance_after::text, '0 or more' FROM points_events WHERE balance_after < 0`,

  /** On an order points are spent at most once, and as its state says; what comes back is what was spent. */
  I5: `
SELECT 'order ' || e.cause AS what, format('%s, spent %s, returned %s', coalesce(o.state, 'unknown'), e.spent, e.returned) AS is,
       CASE coalesce(o.state, 'unknown') WHEN 'spent' THEN format('spent %s', o.points)
         WHEN 'returned' THEN format('spent and returned %s', o.points) ELSE 'nothing spent' END AS should_be
FROM (
  SELECT coalesce(v.cause, q.order_id::text) AS cause,
         -coalesce(sum(v.change) FILTER (WHERE v.kind = 'spent'), 0) AS spent,
         coalesce(sum(v.change) FILTER (WHERE v.kind = 'returned'), 0) AS returned
  FROM (SELECT * FROM points_events WHERE kind IN ('spent', 'returned')) v FULL JOIN points_order q ON q.order_id::text = v.cause
  GROUP BY 1) e LEFT JOIN points_order o ON o.order_id::text = e.cause
WHERE (e.spent, e.returned) IS DISTINCT FROM (
  CASE WHEN o.state IN ('spent', 'returned') THEN o.points::numeric ELSE 0 END,
  CASE WHEN o.state = 'returned' THEN o.points::numeric ELSE 0 END)`,

  /** One effect of one cause; and a request was applied exactly when there is its event. */
  I8: `
SELECT format('%s %s', kind, cause) AS what, count(*)::text AS is, '1' AS should_be
FROM points_events GROUP BY kind, cause HAVING count(*) > 1
UNION ALL
SELECT 'request ' || r.id, r.status, CASE WHEN e.cause IS NULL THEN 'not APPLIED' ELSE 'APPLIED' END
FROM points_request r LEFT JOIN points_events e ON e.kind = 'adjusted' AND e.cause = r.id::text
WHERE (r.status = 'APPLIED') <> (e.cause IS NOT NULL)
   OR (e.cause IS NOT NULL AND (e.account_id, e.change) IS DISTINCT FROM
       (r.account_id, CASE r.kind WHEN 'add' THEN r.points ELSE -r.points END))
UNION ALL
SELECT 'upload ' || u.number, format('%s to %s', u.accrual, u.owner), format('%s to %s', e.change, e.account_id)
FROM upload u LEFT JOIN points_events e ON e.kind = 'earned' AND e.cause = u.number
WHERE u.accrual IS NOT NULL AND (u.accrual, u.owner) IS DISTINCT FROM (e.change, e.account_id)`,
} as const;
