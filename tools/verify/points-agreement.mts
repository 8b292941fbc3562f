import type { OrderFact, PointsFact, RewardFact } from './facts.mts';
import type { Examination } from './finding.mts';

export interface PointsSide {
  readonly points: readonly PointsFact[];
  readonly rewards: readonly RewardFact[];
}

/** I12 as far as points go: what an order spends and what it earns is the same everywhere. */
export function checkPointsAgree(
  about: Examination,
  orders: readonly OrderFact[],
  { points, rewards }: PointsSide,
): void {
  const pointsByOrder = new Map(points.map((each) => [each.orderId, each]));
  const rewardByOrder = new Map(rewards.map((each) => [each.orderId, each]));
  about.look('orders of points', points.length);
  for (const order of orders) {
    const [known, reward] = [pointsByOrder.get(order.id), rewardByOrder.get(order.id)];
    const what = `order ${order.id}: ${order.owner}: ${order.status} ${order.reason ?? ''}`.trimEnd();
    if (!spendingAgrees(order, known))
      about.blame(
        what,
        known ? `points: ${known.owner}: ${known.state} ${known.points}` : 'points: none',
        expectedSpending(order),
      );
    checkReward(about, what, order, { known, reward });
  }
  const ids = new Set(orders.map(({ id }) => id));
  for (const { orderId, state } of points)
    if (!ids.has(orderId)) about.blame(`points of ${orderId}`, state, 'an order that orders knows of');
  for (const { orderId } of rewards)
    if (!ids.has(orderId)) about.blame(`reward of ${orderId}`, 'worked out', 'an order that orders knows of');
}

function spendingAgrees({ owner, status, reason, pointsToSpend }: OrderFact, known: PointsFact | undefined): boolean {
  if (known === undefined) return status === 'PENDING';
  if (known.owner !== owner) return false;
  const { state, points } = known;
  if (status === 'CANCELLED') {
    if (reason === 'INSUFFICIENT_POINTS') return state === 'refused' && points === pointsToSpend;
    // A tombstone: the cancellation was heard first, or there was nothing to spend.
    if (state === 'cancelled') return points === 0n;
    return (state === 'returned' || state === 'refused') && points === pointsToSpend && points > 0n;
  }
  return pointsToSpend === 0n ? state === 'none' : state === 'spent' && points === pointsToSpend;
}

function expectedSpending({ owner, status, reason, pointsToSpend }: OrderFact): string {
  if (status !== 'CANCELLED') return `${owner}: ${pointsToSpend === 0n ? 'none' : `spent ${pointsToSpend}`}`;
  if (reason === 'INSUFFICIENT_POINTS') return `${owner}: refused ${pointsToSpend}`;
  return `${owner}: returned ${pointsToSpend}, or nothing spent`;
}

/** An issued order has what accrual worked out, once, on its owner's account; any other has nothing. */
function checkReward(
  about: Examination,
  what: string,
  { status, owner, earned: shown }: OrderFact,
  { known, reward }: { readonly known: PointsFact | undefined; readonly reward: RewardFact | undefined },
): void {
  if (reward !== undefined && (status !== 'ISSUED' || reward.owner !== owner))
    return about.blame(
      what,
      `accrual: ${reward.owner}: reward ${reward.points}`,
      `no reward before it is ISSUED, and then ${owner}'s`,
    );
  if (status === 'ISSUED' && reward === undefined)
    return about.blame(what, 'accrual: no reward', 'worked out, if only 0');
  const due = reward === undefined || reward.points === 0n ? null : reward.points;
  const shouldBe = due === null ? 'nothing earned' : `${owner}: earned ${due}`;
  if ((known?.earned ?? null) !== due || (due !== null && known?.earnedBy !== owner))
    about.blame(what, `points: ${known?.earnedBy ?? 'nobody'}: earned ${known?.earned ?? 'nothing'}`, shouldBe);
  if (shown !== due) about.blame(what, `orders: shows ${shown ?? 'nothing'} earned`, shouldBe);
}
