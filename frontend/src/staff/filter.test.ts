import { filterOf, queueOf, readQueueSearch } from './filter.js';

const somebody = '01990000-0000-7000-8000-000000000001';

describe('the address of the queue', () => {
  it('begins with what is to be assembled', () => {
    expect(queueOf(readQueueSearch({}))).toBe('PAID');
    expect(filterOf({})).toEqual({ status: 'PAID', q: undefined, userId: undefined });
  });

  it('keeps the queue, the words and the customer', () => {
    const search = readQueueSearch({ queue: 'ISSUED', q: 'tea ', userId: somebody });
    expect(filterOf(search)).toEqual({ status: 'ISSUED', q: 'tea', userId: somebody });
  });

  it('searches in all queues unless one is chosen', () => {
    expect(filterOf(readQueueSearch({ q: 'tea' })).status).toBeUndefined();
    expect(filterOf(readQueueSearch({ userId: somebody })).status).toBeUndefined();
    expect(filterOf(readQueueSearch({ q: 'tea', queue: 'PAID' })).status).toBe('PAID');
  });

  it('reads a number as it was typed', () => {
    expect(readQueueSearch({ q: 12345 })).toEqual({ q: '12345' });
  });

  it.each([{ queue: 'LOST' }, { q: '  ' }, { q: {} }, { userId: "' OR 1=1" }, { userId: 7 }])(
    'leaves out what it does not understand: %j',
    (address) => {
      expect(readQueueSearch(address)).toEqual({});
    },
  );
});
