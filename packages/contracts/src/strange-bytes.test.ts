import fc from 'fast-check';
import { anyEvent, fieldsOf, fieldText, meta, statusChanged, unknownField, withEvent } from './events.fake.js';
import { decode, encode, OrderEvent, PaymentEvent, reencode, Undecodable, type MessageType } from './index.js';

describe('an event of a newer build', () => {
  it('keeps what this build does not know, byte for byte, and reads as if it were not there', () => {
    fc.assert(
      fc.property(
        anyEvent,
        unknownField(),
        unknownField(),
        unknownField(),
        ({ message, event }, inMeta, inEvent, atEnd) => {
          const bytes = encode(message, event as never);
          const [first, second] = fieldsOf(bytes);
          if (first === undefined || second === undefined) throw new Error('an event has two fields');
          const newer = Buffer.concat([
            fieldText(first.number, Buffer.concat([first.bytes, inMeta])),
            fieldText(second.number, Buffer.concat([second.bytes, inEvent])),
            atEnd,
          ]);
          expect(decode(message, newer)).toEqual(event);
          expect(reencode(message, newer).equals(newer)).toBe(true);
        },
      ),
    );
  });

  it('is an event without a case if its case is new', () => {
    const [first] = fieldsOf(encode(OrderEvent, statusChanged));
    const bytes = Buffer.concat([fieldText(1, first?.bytes ?? Buffer.alloc(0)), fieldText(200, Buffer.from([8, 1]))]);
    expect(decode(OrderEvent, bytes)).toEqual({ meta, case: undefined });
    expect(reencode(OrderEvent, bytes).equals(bytes)).toBe(true);
  });

  it('is an event without a case if it tells of a status that is new', () => {
    expect(decode(OrderEvent, withEvent(3, [0x08, 1, 0x10, 99]))).toEqual({ meta, case: undefined });
    expect(decode(OrderEvent, withEvent(3, [0x08, 1]))).toEqual({ meta, case: undefined }); // no status at all
  });

  it('only lacks a reason that is new, where a reason may be missing', () => {
    const failed = withEvent(2, [0x10, 2, 0x18, 77]);
    expect(decode(PaymentEvent, failed)).toEqual({
      meta,
      case: 'processed',
      value: { orderId: '', status: 'FAILED', amount: 0n },
    });
  });

  it('tells the last of two cases', () => {
    const bytes = Buffer.concat([
      withEvent(3, [0x08, 1, 0x10, 2]),
      fieldText(4, Buffer.from([0x08, 1, 0x10, 1, 0x18, 1])),
    ]);
    expect(decode(OrderEvent, bytes)).toMatchObject({ case: 'cancelled', value: { reason: 'CHANGED_MIND' } });
  });
});

describe('bytes that are no event', () => {
  const readsOrIsUndecodable = (message: MessageType<object>, bytes: Uint8Array): void => {
    for (const read of [decode, reencode]) {
      try {
        read(message, bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(Undecodable);
      }
    }
  };

  it('are undecodable and never another fault, however they came about', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readsOrIsUndecodable(OrderEvent, bytes)),
      { numRuns: 1000 },
    );
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(anyEvent, damage, ({ message, event }, places) => {
        const bytes = encode(message, event as never);
        for (const [place, byte] of places) bytes[place % bytes.length] = byte;
        readsOrIsUndecodable(message, bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('are undecodable wherever a message was cut off inside a field', () => {
    const bytes = encode(OrderEvent, statusChanged);
    const whole = new Set([fieldText(1, fieldsOf(bytes)[0]?.bytes ?? Buffer.alloc(0)).length, bytes.length]);
    for (let length = 0; length <= bytes.length; length += 1) {
      if (whole.has(length)) expect(decode(OrderEvent, bytes.subarray(0, length)).meta).toEqual(meta);
      else expect(() => decode(OrderEvent, bytes.subarray(0, length))).toThrow(Undecodable);
    }
  });

  const id = fieldText(1, Buffer.from(meta.eventId));
  const noTime = fieldText(5, Buffer.alloc(0));
  const distantTime = fieldText(5, Buffer.from([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]));
  it.each([
    ['nothing at all', Buffer.alloc(0), 'the meta is missing'],
    ['no meta', fieldText(3, Buffer.from([0x08, 1, 0x10, 2])), 'the meta is missing'],
    ['an event id that is no UUID', fieldText(1, Buffer.concat([fieldText(1, Buffer.from('e1')), noTime])), 'no UUID'],
    ['no time', fieldText(1, id), 'a time is missing'],
    ['a time after the year 9999', fieldText(1, Buffer.concat([id, distantTime])), 'out of range'],
    ['text that is no UTF-8', fieldText(1, fieldText(2, Buffer.from([0xc3, 0x28]))), 'utf-8'],
  ])('are undecodable with %s', (_what, bytes, reason) => {
    expect(() => decode(OrderEvent, bytes)).toThrow(Undecodable);
    expect(() => decode(OrderEvent, bytes)).toThrow(reason);
  });
});
