import { readEventsSearch, readParkedSearch } from './addresses.js';

const order = '01990000-0000-7000-8000-000000000001';

describe('the address of the events', () => {
  it('keeps what is looked for', () => {
    const search = {
      type: 'OrderCreated',
      service: 'orders',
      orderId: order,
      account: 'a1',
      from: '2026-11-06T12:00:00.000Z',
      follow: true,
    } as const;
    expect(readEventsSearch(search)).toEqual(search);
  });

  it('reads a number as it was typed, and a moment in whatever zone', () => {
    expect(readEventsSearch({ account: 7, to: '2026-11-06T12:00:00+03:00' })).toEqual({
      account: '7',
      to: '2026-11-06T09:00:00.000Z',
    });
  });

  it.each([
    { type: '<b>' },
    { service: 'nobody' },
    { orderId: "' OR 1=1" },
    { account: ' ' },
    { account: 'a'.repeat(201) },
    { from: 'yesterday' },
    { to: 7 },
    { follow: 'yes' },
  ])('leaves out what it does not understand: %j', (address) => {
    expect(readEventsSearch(address)).toEqual({});
  });
});

describe('the address of the parked messages', () => {
  it('keeps the service, the topic, the key and the state', () => {
    const search = { service: 'payments', topic: 'orders', key: order, state: 'dropped' } as const;
    expect(readParkedSearch(search)).toEqual(search);
  });

  it.each([{ service: 'identity' }, { state: 'lost' }, { topic: {} }, { key: '' }])(
    'leaves out what it does not understand: %j',
    (address) => {
      expect(readParkedSearch(address)).toEqual({});
    },
  );
});
