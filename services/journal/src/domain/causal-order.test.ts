import { inCausalOrder, type Caused } from './causal-order.js';

const event = (id: string, s: number, more: Partial<Caused> = {}): Caused => ({
  id,
  topic: 'order.events',
  key: id,
  version: 1,
  causationId: null,
  occurredAt: new Date(Date.UTC(2026, 2, 1) + s * 1_000),
  ...more,
});
const order = (...events: readonly Caused[]) => inCausalOrder(events).map(({ id }) => id);

it('has causes before effects although the clock of the one who answers is behind', () => {
  expect(order(event('answer', 1, { causationId: 'question' }), event('question', 5), event('early', 0))).toEqual([
    'early',
    'question',
    'answer',
  ]);
});

it('has each key in its versions, and what nothing binds by time', () => {
  const v2 = event('v2', 1, { key: 'k', version: 2 });
  const v1 = event('v1', 3, { key: 'k' });
  const elsewhere = event('elsewhere', 2, { key: 'k', topic: 'payment.events' });
  expect(order(v2, v1, elsewhere)).toEqual(['elsewhere', 'v1', 'v2']);
});

it('does not wait for a cause that it does not have, nor for one in a circle', () => {
  expect(order(event('a', 1, { causationId: 'unknown' }))).toEqual(['a']);
  expect(order(event('b', 2, { causationId: 'a' }), event('a', 1, { causationId: 'b' }))).toEqual(['a', 'b']);
});
