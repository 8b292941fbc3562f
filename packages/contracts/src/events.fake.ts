import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import {
  AccrualEvent,
  encode,
  IdentityEvent,
  OrderEvent,
  PaymentEvent,
  PointsEvent,
  PointsRequest,
  type EventMeta,
  type MessageType,
} from './index.js';

export const meta: EventMeta = {
  eventId: '0199a8b0-7c00-7000-8000-000000000001',
  aggregateId: '0199a8b0-7c00-7000-8000-000000000002',
  aggregateVersion: 3,
  owner: '0199a8b0-7c00-7000-8000-000000000003',
  occurredAt: new Date('2030-01-02T03:04:05.678Z'),
  correlationId: 'c1',
};
export const statusChanged = {
  meta,
  case: 'statusChanged',
  value: { from: 'PENDING', to: 'PAID', actor: 'payments' },
} as const;

const words = fc.string({ unit: 'binary' });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint32 = fc.nat({ max: 2 ** 32 - 1 });
const orderStatus = fc.constantFrom('PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED', 'CANCELLED');
const failure = fc.constantFrom('NO_PAYMENT_ACCOUNT', 'INSUFFICIENT_FUNDS', 'PAYMENT_INTERNAL_ERROR');
type Model<T> = { readonly [Field in keyof T]: fc.Arbitrary<T[Field]> };
const record = <Must extends object, May extends object>(must: Model<Must>, may: Model<May>) =>
  fc.tuple(fc.record<Must>(must), fc.record<May, never>(may, { requiredKeys: [] })).map(([a, b]) => ({ ...a, ...b }));

const from = new Date('0001-01-01T00:00:00Z');
const to = new Date('9999-12-31T23:59:59.999Z');
export const metas: fc.Arbitrary<EventMeta> = record(
  {
    eventId: fc.uuid(),
    aggregateId: words,
    aggregateVersion: uint32,
    owner: words,
    occurredAt: fc.date({ min: from, max: to, noInvalidDate: true }),
    correlationId: words,
  },
  { causationId: words, traceparent: words },
);
const item = record({ description: words, price: int64, quantity: uint32 }, { sku: words });
const items = fc.array(item, { maxLength: 4 });
const created = record(
  { number: words, amount: int64, currency: words, pointsToSpend: int64, items },
  { description: words },
);
const status = fc.constantFrom('SUCCESS', 'FAILED');
const kind = fc.constantFrom('TOP_UP', 'CHARGE', 'REFUND');
const moved = { accountId: words, points: int64, balance: int64, accountVersion: uint32 };
export const arbitraryByCase: readonly (readonly [MessageType<object>, string, fc.Arbitrary<object>])[] = [
  [OrderEvent, 'created', created],
  [OrderEvent, 'statusChanged', fc.record({ from: orderStatus, to: orderStatus, actor: words })],
  [
    OrderEvent,
    'cancelled',
    fc.record({
      reason: fc.oneof(
        failure,
        fc.constantFrom('CHANGED_MIND', 'OUT_OF_STOCK', 'DELIVERY_UNAVAILABLE', 'INSUFFICIENT_POINTS'),
      ),
      source: fc.constantFrom('CUSTOMER', 'STAFF', 'PAYMENTS', 'POINTS'),
      previousStatus: orderStatus,
      actor: words,
    }),
  ],
  [PaymentEvent, 'processed', record({ orderId: words, status, amount: int64 }, { reason: failure, accountId: words })],
  [PaymentEvent, 'refunded', fc.record({ orderId: words, amount: int64, accountId: words })],
  [
    PaymentEvent,
    'balanceChanged',
    record({ accountId: words, balance: int64, change: int64, kind, accountVersion: uint32 }, { orderId: words }),
  ],
  [PointsEvent, 'spent', fc.record({ orderId: words, ...moved })],
  [
    PointsEvent,
    'spendRefused',
    fc.record({ orderId: words, points: int64, reason: fc.constant('INSUFFICIENT_POINTS') }),
  ],
  [PointsEvent, 'returned', fc.record({ orderId: words, ...moved })],
  [PointsEvent, 'earned', record({ orderNumber: words, ...moved }, { orderId: words })],
  [
    PointsEvent,
    'adjusted',
    record(
      { accountId: words, change: int64, reason: words, actor: words, balance: int64, accountVersion: uint32 },
      { requestId: words },
    ),
  ],
  [PointsEvent, 'withdrawn', fc.record({ orderNumber: words, ...moved })],
  [
    PointsRequest,
    'requested',
    fc.record({ requestId: words, kind: fc.constantFrom('ADD', 'DEDUCT'), points: int64, actor: words }),
  ],
  [AccrualEvent, 'rewardCalculated', fc.record({ orderNumber: words, orderId: words, points: int64 })],
  [IdentityEvent, 'sessionRevoked', fc.record({ sessionId: words })],
  [IdentityEvent, 'userBlocked', fc.constant({})],
  [IdentityEvent, 'userUnblocked', fc.constant({})],
  [IdentityEvent, 'rolesChanged', fc.record({ roles: fc.array(words, { maxLength: 5 }) })],
];
export const anyEvent = fc.oneof(
  ...arbitraryByCase.map(([message, name, value]) =>
    fc.record({
      message: fc.constant(message),
      event: fc.record({ meta: metas, case: fc.constant(name as never), value }),
    }),
  ),
);

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
}

/** The fields of a message of which all are length-delimited. */
export function fieldsOf(message: Uint8Array): readonly Field[] {
  const reader = protobuf.Reader.create(message);
  const fields: Field[] = [];
  while (reader.pos < reader.len) fields.push({ number: reader.uint32() >>> 3, bytes: Buffer.from(reader.bytes()) });
  return fields;
}

export function fieldText(number: number, bytes: Uint8Array): Buffer {
  return Buffer.from(
    protobuf.Writer.create()
      .uint32((number << 3) | 2)
      .bytes(bytes)
      .finish(),
  );
}

/** The meta of these tests with an event that no build has encoded. */
export function withEvent(number: number, bytes: readonly number[]): Buffer {
  const [first] = fieldsOf(encode(OrderEvent, statusChanged));
  return Buffer.concat([fieldText(1, first?.bytes ?? Buffer.alloc(0)), fieldText(number, Buffer.from(bytes))]);
}

/** Fields from number 1000 on, of every wire type but groups. */
export function unknownField(): fc.Arbitrary<Buffer> {
  const number = fc.integer({ min: 1000, max: 100_000 });
  const write = (make: (writer: protobuf.Writer) => protobuf.Writer) =>
    Buffer.from(make(protobuf.Writer.create()).finish());
  return fc.oneof(
    fc.constant(Buffer.alloc(0)),
    fc.tuple(number, fc.uint8Array()).map(([n, bytes]) => fieldText(n, bytes)),
    fc.tuple(number, fc.nat()).map(([n, value]) => write((w) => w.uint32(n << 3).uint32(value))),
    fc.tuple(number, fc.nat()).map(([n, value]) => write((w) => w.uint32((n << 3) | 5).fixed32(value))),
    fc.tuple(number, fc.nat()).map(([n, value]) => write((w) => w.uint32((n << 3) | 1).fixed64(value))),
  );
}
