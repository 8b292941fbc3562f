import type { EventPublisher, EventType, ParkedMessage, ServiceName } from '@g-store/client';

// What stands behind the `?` of the operators' screens. An address may be old, or typed: what is not understood is left out.

type Search = Readonly<Record<string, unknown>>;

const everyPublisher: Readonly<Record<EventPublisher, true>> = {
  orders: true,
  payments: true,
  points: true,
  accrual: true,
  identity: true,
};
/** The services that publish. */
export const publishers = Object.keys(everyPublisher) as readonly EventPublisher[];
/** The services that hear others, and so may park what they hear. */
export const hearers: readonly ServiceName[] = ['orders', 'payments', 'points', 'accrual', 'notifications', 'journal'];
type ParkedState = ParkedMessage['state'];
export const parkedStates: readonly ParkedState[] = ['waiting', 'superseded', 'released', 'dropped'];

// One that is missing does not compile.
const everyType: Readonly<Record<EventType, true>> = {
  OrderCreated: true,
  OrderStatusChanged: true,
  OrderCancelled: true,
  PaymentProcessed: true,
  PaymentRefunded: true,
  BalanceChanged: true,
  PointsSpent: true,
  PointsSpendRefused: true,
  PointsReturned: true,
  PointsEarned: true,
  PointsAdjusted: true,
  PointsWithdrawn: true,
  PointsRequested: true,
  RewardCalculated: true,
  SessionRevoked: true,
  UserBlocked: true,
  UserUnblocked: true,
  RolesChanged: true,
};
export const eventTypes = Object.keys(everyType) as readonly EventType[];

export interface EventsSearch {
  readonly type?: EventType;
  readonly service?: EventPublisher;
  readonly orderId?: string;
  readonly account?: string;
  /** RFC 3339. */
  readonly from?: string;
  readonly to?: string;
  readonly follow?: true;
}

export interface ParkedSearch {
  readonly service?: ServiceName;
  readonly topic?: string;
  readonly key?: string;
  readonly state?: ParkedState;
}

export const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

const wordIn = (value: unknown): string => {
  // A number looks like one to who reads addresses.
  const word = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return word.length <= 200 ? word : '';
};
const momentIn = (value: unknown): string | undefined => {
  const at = typeof value === 'string' ? new Date(value) : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};
const oneOf = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  known.find((each) => each === value);

export function readEventsSearch({ type, service, orderId, account, from, to, follow }: Search): EventsSearch {
  const [since, until] = [momentIn(from), momentIn(to)];
  const [kind, publisher] = [oneOf(eventTypes, type), oneOf(publishers, service)];
  return {
    ...(kind && { type: kind }),
    ...(publisher && { service: publisher }),
    ...(isId(orderId) && { orderId }),
    ...(wordIn(account) !== '' && { account: wordIn(account) }),
    ...(since && { from: since }),
    ...(until && { to: until }),
    ...(follow === true && { follow }),
  };
}

export function readParkedSearch({ service, topic, key, state }: Search): ParkedSearch {
  const [hearer, known] = [oneOf(hearers, service), oneOf(parkedStates, state)];
  return {
    ...(hearer && { service: hearer }),
    ...(wordIn(topic) !== '' && { topic: wordIn(topic) }),
    ...(wordIn(key) !== '' && { key: wordIn(key) }),
    ...(known && { state: known }),
  };
}
