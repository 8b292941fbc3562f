import type { JournalFact, NotifiedFact, OrderFact, PaymentFact, TopicFacts } from './facts.mts';
import { examine, type Finding } from './finding.mts';
import { checkJournalAgrees } from './journal-agreement.mts';
import { checkPointsAgree, type PointsSide } from './points-agreement.mts';

export interface Accounts extends PointsSide {
  readonly orders: readonly OrderFact[];
  readonly payments: readonly PaymentFact[];
  readonly notified: readonly NotifiedFact[];
  readonly journal: readonly JournalFact[];
  /** `order.events`: what everybody was told. */
  readonly told: TopicFacts;
}

/** I12, when the stack is quiet. */
export function checkAgreement({ orders, payments, notified, journal, told, ...points }: Accounts): Finding {
  const about = examine(
    'I12',
    'orders, payments, points, accrual, notifications, journal and topic agree on owner, amount and state',
    ['orders', 'payments', 'orders of points', 'notifications', 'journeys', 'order events'],
  );
  const paymentByOrder = new Map(payments.map((payment) => [payment.orderId, payment]));
  const notifiedByOrder = new Map(notified.map((each) => [each.orderId, each]));
  const toldByOrder = storiesIn(told);
  const truncated = [...told.ends.values()].some(({ low }) => low > 0n);
  about.look('payments', payments.length);
  about.look('notifications', notified.length);
  about.look('order events', told.records.length);
  for (const order of orders) {
    about.look('orders');
    const is = describe(order);
    const payment = paymentByOrder.get(order.id);
    if (!agrees(order, payment))
      about.blame(`order ${order.id}: ${is}`, `payments: ${describePayment(payment)}`, expectedPayment(order));
    const known = notifiedByOrder.get(order.id);
    if (known?.status !== order.status || known.version !== order.version || known.owner !== order.owner)
      about.blame(
        `order ${order.id}: ${is}`,
        `notifications: ${known ? `${known.owner}: ${known.status} version ${known.version}` : 'not heard of'}`,
        `${order.owner}: ${order.status} version ${order.version}`,
      );
    else if (known.amount !== null && known.amount !== order.amount)
      about.blame(`order ${order.id}: ${is}`, `notifications: amount ${known.amount}`, `amount ${order.amount}`);
    const story = toldByOrder.get(order.id);
    if (story === undefined && truncated) continue;
    if (story?.status !== order.status || story.version !== order.version || story.owner !== order.owner)
      about.blame(`order ${order.id}: ${is}`, `told: ${story?.status ?? 'nothing'} version ${story?.version ?? 0}`, is);
    else if (story.amount !== undefined && story.amount !== order.amount)
      about.blame(`order ${order.id}: ${is}`, `told: amount ${story.amount}`, `amount ${order.amount}`);
  }
  checkPointsAgree(about, orders, points);
  checkJournalAgrees(about, orders, { journal, truncated });
  const known = new Set(orders.map(({ id }) => id));
  for (const payment of payments)
    if (!known.has(payment.orderId))
      about.blame(`payment of ${payment.orderId}`, describePayment(payment), 'an order that orders knows of');
  for (const { orderId, status } of notified)
    if (!known.has(orderId)) about.blame(`notifications: ${orderId}`, status, 'an order that orders knows of');
  for (const [id, { status }] of toldByOrder)
    if (!known.has(id)) about.blame(`told: ${id}`, status, 'an order that orders knows of');
  return about.finding();
}

const refusals = ['NO_PAYMENT_ACCOUNT', 'INSUFFICIENT_FUNDS', 'PAYMENT_INTERNAL_ERROR'];

function agrees(order: OrderFact, payment: PaymentFact | undefined): boolean {
  const due = order.amount - order.pointsToSpend;
  if (payment === undefined) return order.status === 'PENDING';
  if (payment.owner !== order.owner) return false;
  const { state, amount, reason } = payment;
  switch (order.status) {
    case 'PAID':
    case 'ASSEMBLING':
    case 'ASSEMBLED':
    case 'DELIVERING':
      return state === 'charged' && amount === due;
    case 'ISSUED':
      return state === 'settled' && amount === due;
    case 'CANCELLED':
      if (state === 'refused' && order.reason !== null && refusals.includes(order.reason))
        return reason === order.reason;
      return (
        !refusals.includes(order.reason ?? '') &&
        ((state === 'refunded' && amount === due) || (state === 'cancelled' && amount === 0n) || state === 'refused')
      );
    default:
      return false;
  }
}

function expectedPayment({ status, reason, amount, pointsToSpend }: OrderFact): string {
  const due = amount - pointsToSpend;
  if (status === 'PENDING') return 'no payment';
  if (status === 'ISSUED') return `settled ${due}`;
  if (status !== 'CANCELLED') return `charged ${due}`;
  return refusals.includes(reason ?? '') ? `refused ${reason}` : `refunded ${due}, or nothing charged`;
}

const describe = ({ owner, status, reason, amount, version }: OrderFact): string =>
  `${owner}: ${status}${reason === null ? '' : ` ${reason}`} ${amount} version ${version}`;

const describePayment = (payment: PaymentFact | undefined): string =>
  payment ? `${payment.owner}: ${payment.state} ${payment.amount} ${payment.reason ?? ''}`.trimEnd() : 'none';

interface Story {
  readonly owner: string;
  readonly status: string;
  readonly version: number;
  readonly amount: bigint | undefined;
}

function storiesIn({ records }: TopicFacts): ReadonlyMap<string, Story> {
  const stories = new Map<string, Story>();
  for (const { key, event } of records) {
    if (event === undefined) continue;
    const before = stories.get(key);
    if (before !== undefined && event.version <= before.version) continue;
    const { owner, version, value } = event;
    const amount = event.case === 'created' ? (value['amount'] as bigint) : before?.amount;
    stories.set(key, { owner, version, amount, status: statusAfter(event.case, value) });
  }
  return stories;
}

function statusAfter(name: string | undefined, value: Readonly<Record<string, unknown>>): string {
  if (name === 'created') return 'PENDING';
  return name === 'cancelled' ? 'CANCELLED' : String(value['to']);
}
