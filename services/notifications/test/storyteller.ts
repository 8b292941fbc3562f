import { randomUUID } from 'node:crypto';
import {
  encode,
  IdentityEvent,
  OrderEvent,
  PaymentEvent,
  PointsEvent,
  topicOf,
  type EventsOf,
  type MessageType,
  type OrderStatus,
} from '@g-store/contracts';
import { partitionFor, type Broker, type OutgoingRecord } from '@g-store/messaging';
import { createIds, systemClock } from '@g-store/runtime';

export interface TestOrder {
  readonly id: string;
  readonly owner: string;
}

const ids = createIds(systemClock);

/** Tells what orders, payments and identity would tell: each key's versions 1, 2, 3 … */
export function createStoryteller(broker: Pick<Broker, 'append'>) {
  const versions = new Map<string, number>();
  const record = <E extends object, C extends keyof E & string>(
    message: MessageType<E>,
    key: string,
    owner: string,
    event: { case: C; value: E[C] },
    at: Date,
  ): OutgoingRecord => {
    const topic = topicOf(message as unknown as MessageType<object>);
    const named = `${topic.name}/${key}`;
    const version = (versions.get(named) ?? 0) + 1;
    versions.set(named, version);
    const meta = {
      eventId: ids.next(),
      aggregateId: key,
      aggregateVersion: version,
      owner,
      occurredAt: at,
      correlationId: randomUUID(),
    };
    return {
      topic: topic.name,
      partition: partitionFor(Buffer.from(key), topic.partitions),
      key: Buffer.from(key),
      value: encode(message, { meta, ...event }),
    };
  };
  const order = <C extends keyof EventsOf<typeof OrderEvent> & string>(
    { id, owner }: TestOrder,
    name: C,
    value: EventsOf<typeof OrderEvent>[C],
  ): OutgoingRecord => record<EventsOf<typeof OrderEvent>, C>(OrderEvent, id, owner, { case: name, value }, new Date());

  const records = {
    placed: (of: TestOrder) =>
      order(of, 'created', { number: '18', amount: 700n, currency: 'RUB', pointsToSpend: 0n, items: [] }),
    moved: (of: TestOrder, from: OrderStatus, to: OrderStatus) =>
      order(of, 'statusChanged', { from, to, actor: 'somebody' }),
    cancelled: (of: TestOrder) =>
      order(of, 'cancelled', {
        reason: 'CHANGED_MIND',
        source: 'CUSTOMER',
        previousStatus: 'PENDING',
        actor: of.owner,
      }),
    balance: (accountId: string, owner: string, balance: bigint) =>
      record<EventsOf<typeof PaymentEvent>, 'balanceChanged'>(
        PaymentEvent,
        accountId,
        owner,
        { case: 'balanceChanged', value: { accountId, balance, change: balance, kind: 'TOP_UP', accountVersion: 1 } },
        new Date(),
      ),
  };
  const points = (accountId: string, owner: string, earned: bigint): OutgoingRecord =>
    record<EventsOf<typeof PointsEvent>, 'earned'>(
      PointsEvent,
      accountId,
      owner,
      { case: 'earned', value: { accountId, orderNumber: '18', points: earned, balance: earned, accountVersion: 1 } },
      new Date(),
    );
  const tell = (...told: readonly OutgoingRecord[]): Promise<void> => broker.append(told);

  return {
    records,
    tell,
    placed: async (of: TestOrder): Promise<OutgoingRecord> => {
      const told = records.placed(of);
      await tell(told);
      return told;
    },
    paid: (of: TestOrder) => tell(records.moved(of, 'PENDING', 'PAID')),
    moved: (of: TestOrder, from: OrderStatus, to: OrderStatus) => tell(records.moved(of, from, to)),
    cancelled: (of: TestOrder) => tell(records.cancelled(of)),
    balance: (accountId: string, owner: string, balance: bigint) => tell(records.balance(accountId, owner, balance)),
    points: (accountId: string, owner: string, earned: bigint) => tell(points(accountId, owner, earned)),
    signedOut: (userId: string, sessionId: string) =>
      tell(
        record<EventsOf<typeof IdentityEvent>, 'sessionRevoked'>(
          IdentityEvent,
          userId,
          userId,
          { case: 'sessionRevoked', value: { sessionId } },
          new Date(),
        ),
      ),
    blocked: (userId: string) =>
      tell(
        record<EventsOf<typeof IdentityEvent>, 'userBlocked'>(
          IdentityEvent,
          userId,
          userId,
          { case: 'userBlocked', value: {} },
          new Date(),
        ),
      ),
    rolesChanged: (userId: string, roles: readonly string[]) =>
      tell(
        record<EventsOf<typeof IdentityEvent>, 'rolesChanged'>(
          IdentityEvent,
          userId,
          userId,
          { case: 'rolesChanged', value: { roles } },
          new Date(),
        ),
      ),
  };
}

export type Storyteller = ReturnType<typeof createStoryteller>;

export const newOrder = (owner: string): TestOrder => ({ id: ids.next(), owner });
