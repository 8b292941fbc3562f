import fc from 'fast-check';
import { createPositions } from './positions.js';
import { createSlots } from './vector.js';

const slots = createSlots([
  { name: 'order.events', partitions: 6 },
  { name: 'payment.events', partitions: 6 },
]);
const positions = createPositions('cluster 1', slots);
const vectors = fc.array(fc.maxSafeNat(), { minLength: slots.count, maxLength: slots.count });

describe('a position', () => {
  it('holds on every instance: what one writes, another reads', () =>
    fc.assert(
      fc.property(vectors, (vector) => {
        expect(createPositions('cluster 1', slots).decode(positions.encode(vector))).toEqual(vector);
      }),
    ));

  it('fits into a header and a query', () => {
    const position = positions.encode(Array.from({ length: slots.count }, () => 1_000_000_000));
    expect(position).toMatch(/^[\w-]{1,100}$/);
  });

  it('of another cluster, or of before a topic was made anew, is unknown', () => {
    expect(createPositions('cluster 2', slots).decode(positions.encode([]))).toBeUndefined();
  });

  it('of an instance that reads other topics is unknown', () => {
    const before = createPositions('cluster 1', createSlots([{ name: 'order.events', partitions: 12 }]));
    expect(positions.decode(before.encode(Array.from({ length: 12 }, () => 5)))).toBeUndefined();
  });

  it('that somebody made up or cut short is unknown', () =>
    fc.assert(
      fc.property(vectors, fc.nat(80), fc.string(), (vector, cut, madeUp) => {
        const whole = positions.encode(vector);
        const short = whole.slice(0, Math.min(cut, whole.length - 2));
        expect([positions.decode(short), positions.decode(madeUp), positions.decode(`${whole}AAAA`)]).toEqual([
          undefined,
          undefined,
          undefined,
        ]);
      }),
    ));
});
