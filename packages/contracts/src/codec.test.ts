import fc from 'fast-check';
import { arbitraryByCase, fieldsOf, meta, metas, statusChanged } from './events.fake.js';
import { decode, encode, OrderEvent, PaymentEvent } from './index.js';

describe('an event on its way', () => {
  it.each(arbitraryByCase.map(([message, name, value]) => [message.name, name, message, value] as const))(
    'arrives as it was sent: %s %s',
    (_messageName, name, message, values) => {
      fc.assert(
        fc.property(metas, values, (anyMeta, value) => {
          const event = { meta: anyMeta, case: name as never, value: value as never };
          expect(decode(message, encode(message, event))).toEqual(event);
        }),
      );
    },
  );

  it('carries every amount that 64 bits can hold, to the last unit', () => {
    for (const amount of [
      0n,
      1n,
      -1n,
      2n ** 53n - 1n,
      2n ** 53n,
      2n ** 53n + 1n,
      -(2n ** 53n) - 1n,
      2n ** 32n,
      -(2n ** 32n),
      -(2n ** 31n),
      2n ** 63n - 1n,
      -(2n ** 63n),
    ]) {
      const event = { meta, case: 'refunded', value: { orderId: 'o', amount, accountId: 'a' } } as const;
      expect(decode(PaymentEvent, encode(PaymentEvent, event))).toEqual(event);
    }
  });

  it('keeps its time to the millisecond, before 1970 too', () => {
    for (const time of [
      '2030-01-02T03:04:05.678Z',
      '1969-12-31T23:59:59.999Z',
      '1970-01-01T00:00:00.000Z',
      '0001-01-01T00:00:00.001Z',
    ]) {
      const event = { ...statusChanged, meta: { ...meta, occurredAt: new Date(time) } };
      expect(decode(OrderEvent, encode(OrderEvent, event)).meta.occurredAt.toISOString()).toBe(time);
    }
  });

  it('looks on the wire as its proto file says, enums with their numbers', () => {
    const [, event] = fieldsOf(encode(OrderEvent, statusChanged));
    expect(event).toEqual({ number: 3, bytes: Buffer.from([0x08, 1, 0x10, 2, 0x1a, 8, ...Buffer.from('payments')]) });
  });

  const refused: readonly (readonly [string, object])[] = [
    ['an amount that is a number', { orderId: 'o', amount: 5, accountId: 'a' }],
    ['an amount of more than 64 bits', { orderId: 'o', amount: 2n ** 63n, accountId: 'a' }],
    ['a missing order id', { amount: 5n, accountId: 'a' }],
  ];
  it.each(refused)('is not sent with %s', (_what, value) => {
    expect(() => encode(PaymentEvent, { meta, case: 'refunded', value: value as never })).toThrow(/amount|orderId/);
  });

  it.each([-1, 1.5, 2 ** 32, Number.NaN])('is not sent with the version %p', (aggregateVersion) => {
    const event = { ...statusChanged, meta: { ...meta, aggregateVersion } };
    expect(() => encode(OrderEvent, event)).toThrow('aggregateVersion');
  });

  it('is not sent with a status that nobody declared', () => {
    const event = { ...statusChanged, value: { ...statusChanged.value, to: 'toString' as never } };
    expect(() => encode(OrderEvent, event)).toThrow('to has no value toString');
  });

  it('is not sent with a broken date or without an id that an inbox can keep', () => {
    expect(() => encode(OrderEvent, { ...statusChanged, meta: { ...meta, occurredAt: new Date(Number.NaN) } })).toThrow(
      'occurredAt',
    );
    expect(() => encode(OrderEvent, { ...statusChanged, meta: { ...meta, eventId: 'e1' } })).toThrow('eventId');
  });
});
