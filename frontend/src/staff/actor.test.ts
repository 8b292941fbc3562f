import { whoIs } from './actor.js';

const customer = '01990000-0000-7000-8000-000000000001';
const me = '01990000-0000-7000-8000-000000000002';
const other = '01990000-0000-7000-8000-000000000003';

describe('who did something to an order', () => {
  it.each([
    [me, { kind: 'you' }],
    [customer, { kind: 'customer' }],
    [other, { kind: 'person', id: other }],
    ['payments', { kind: 'payments' }],
    ['points', { kind: 'points' }],
    ['key:warehouse', { kind: 'machine', name: 'warehouse' }],
    ['something new', { kind: 'somebody' }],
  ])('%s', (actor, who) => {
    expect(whoIs(actor, customer, me)).toEqual(who);
  });

  it('calls staff who look at their own order "you"', () => {
    expect(whoIs(me, me, me)).toEqual({ kind: 'you' });
  });
});
