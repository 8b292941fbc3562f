import {
  AccrualEvent,
  IdentityEvent,
  OrderEvent,
  PaymentEvent,
  PointsEvent,
  PointsRequest,
  topicOf,
  topics,
  type EventMeta,
  type EventsOf,
  type MessageType,
  type Topic,
} from '@g-store/contracts';
import type { About } from '../application/keep-event.js';
import type { Entry } from '../domain/account-fold.js';

/** One kind of event: its name, and what it is about. */
export interface Kind {
  readonly type: string;
  readonly about: (value: object, meta: EventMeta) => About;
}

type Kinds<E> = {
  readonly [Case in keyof E]: readonly [type: string, about: (value: E[Case], meta: EventMeta) => About];
};

interface Moved {
  readonly accountId: string;
  readonly balance: bigint;
  readonly accountVersion: number;
}
const entryOf = (kind: Entry['kind'], { accountId, balance, accountVersion }: Moved, change: bigint): Entry => ({
  kind,
  accountId,
  version: accountVersion,
  change,
  balance,
});
const pointsOf = (moved: Moved, change: bigint) => ({
  accountId: moved.accountId,
  entry: entryOf('points', moved, change),
});
const ofAccount = (_value: unknown, { aggregateId }: EventMeta): About => ({ accountId: aggregateId });

const orders: Kinds<EventsOf<typeof OrderEvent>> = {
  created: [
    'OrderCreated',
    ({ amount, pointsToSpend }, meta) => ofOrder(meta, { status: 'PENDING', amount, pointsToSpend }),
  ],
  statusChanged: ['OrderStatusChanged', ({ to }, meta) => ofOrder(meta, { status: to })],
  cancelled: ['OrderCancelled', (_, meta) => ofOrder(meta, { status: 'CANCELLED' })],
};
const ofOrder = ({ aggregateId, aggregateVersion }: EventMeta, change: About['change']): About => ({
  ...order(aggregateId),
  change: { ...change, version: aggregateVersion },
});

const payments: Kinds<EventsOf<typeof PaymentEvent>> = {
  processed: [
    'PaymentProcessed',
    ({ orderId, status, amount, accountId }) => ({
      ...order(orderId),
      ...(accountId !== undefined && { accountId }),
      change: { paymentAnswered: true, charged: status === 'SUCCESS' ? amount : 0n },
    }),
  ],
  refunded: [
    'PaymentRefunded',
    ({ orderId, amount, accountId }) => ({ ...order(orderId), accountId, change: { refunded: amount } }),
  ],
  balanceChanged: [
    'BalanceChanged',
    ({ orderId, kind, change, ...moved }) => ({
      ...order(orderId),
      accountId: moved.accountId,
      entry: entryOf('money', moved, change),
      change: kind === 'CHARGE' ? { debited: -change } : kind === 'REFUND' ? { credited: change } : {},
    }),
  ],
};

const points: Kinds<EventsOf<typeof PointsEvent>> = {
  spent: [
    'PointsSpent',
    ({ orderId, points, ...moved }) => ({
      ...order(orderId),
      ...pointsOf(moved, -points),
      change: { spent: points, pointsAnswered: true },
    }),
  ],
  spendRefused: ['PointsSpendRefused', ({ orderId }) => ({ ...order(orderId), change: { pointsAnswered: true } })],
  returned: [
    'PointsReturned',
    ({ orderId, points, ...moved }) => ({
      ...order(orderId),
      ...pointsOf(moved, points),
      change: { returned: points },
    }),
  ],
  earned: [
    'PointsEarned',
    ({ orderId, points, ...moved }) => ({
      ...order(orderId),
      ...pointsOf(moved, points),
      change: { earned: points },
    }),
  ],
  adjusted: ['PointsAdjusted', ({ change, ...moved }) => pointsOf(moved, change)],
  withdrawn: ['PointsWithdrawn', ({ points, ...moved }) => pointsOf(moved, -points)],
};

const requests: Kinds<EventsOf<typeof PointsRequest>> = { requested: ['PointsRequested', ofAccount] };

const rewards: Kinds<EventsOf<typeof AccrualEvent>> = {
  rewardCalculated: ['RewardCalculated', ({ orderId }) => order(orderId)],
};

const people: Kinds<EventsOf<typeof IdentityEvent>> = {
  sessionRevoked: ['SessionRevoked', ofAccount],
  userBlocked: ['UserBlocked', ofAccount],
  userUnblocked: ['UserUnblocked', ofAccount],
  rolesChanged: ['RolesChanged', ofAccount],
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What is no UUID is no order of ours: the event is kept, and is of no order. */
function order(id: string | undefined): { readonly orderId?: string } {
  return id !== undefined && uuid.test(id) ? { orderId: id } : {};
}

const kindsOf = <E extends object>(message: MessageType<E>, kinds: Kinds<E>) => ({
  topic: topicOf(message as unknown as MessageType<object>),
  kindByCase: new Map(
    Object.entries<readonly [string, (value: never, meta: EventMeta) => About]>(kinds).map(([name, [type, about]]) => [
      name,
      { type, about: about as Kind['about'] },
    ]),
  ),
});

/** Every topic and every event there is. */
export const catalogue: readonly { readonly topic: Topic; readonly kindByCase: ReadonlyMap<string, Kind> }[] = [
  kindsOf(OrderEvent, orders),
  kindsOf(PaymentEvent, payments),
  kindsOf(PointsEvent, points),
  kindsOf(PointsRequest, requests),
  kindsOf(AccrualEvent, rewards),
  kindsOf(IdentityEvent, people),
];

export const topicByName: ReadonlyMap<string, Topic> = new Map(
  Object.values(topics).map((topic: Topic) => [topic.name, topic]),
);
