import type { HistoryFact, OrderFact } from './facts.mts';
import { examine, type Finding } from './finding.mts';

/** Written down here once more on purpose: a check that asked the service's own graph would agree with its faults. */
const stepsFrom: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['PAID', 'CANCELLED'],
  PAID: ['ASSEMBLING', 'CANCELLED'],
  ASSEMBLING: ['ASSEMBLED', 'CANCELLED'],
  ASSEMBLED: ['DELIVERING', 'CANCELLED'],
  DELIVERING: ['ISSUED', 'CANCELLED'],
  ISSUED: [],
  CANCELLED: [],
};

/** I6. The histories come sorted by order and version. */
export function checkHistories(orders: readonly OrderFact[], histories: Iterable<HistoryFact>): Finding {
  const about = examine(
    'I6',
    "an order's history is a path of the state graph, without gaps, and ends where the order is",
    ['orders', 'history entries'],
  );
  const lastByOrder = new Map<string, HistoryFact>();
  for (const entry of histories) {
    about.look('history entries');
    const previous = lastByOrder.get(entry.orderId);
    const what = `order ${entry.orderId} version ${entry.version}`;
    const expected = (previous?.version ?? 0) + 1;
    if (entry.version !== expected) about.blame(what, `follows version ${expected - 1}`, `version ${expected}`);
    const allowed = previous === undefined ? ['PENDING'] : (stepsFrom[previous.status] ?? []);
    if (!allowed.includes(entry.status)) {
      const from = previous === undefined ? 'begins as' : `${previous.status} →`;
      about.blame(what, `${from} ${entry.status}`, allowed.join(' or ') || 'nothing after a final state');
    }
    lastByOrder.set(entry.orderId, entry);
  }
  for (const { id, status, version, reason } of orders) {
    about.look('orders');
    const last = lastByOrder.get(id);
    lastByOrder.delete(id);
    const is = `${status} ${reason ?? ''} version ${version}`;
    const shouldBe = last ? `${last.status} ${last.reason ?? ''} version ${last.version}` : 'a history';
    if (is !== shouldBe) about.blame(`order ${id}`, is, shouldBe);
  }
  for (const [id, { status }] of lastByOrder) about.blame(`history of ${id}`, `ends ${status}`, 'an order');
  return about.finding();
}
