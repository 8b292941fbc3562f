import type { Notification } from '@g-store/client';
import { en } from '../texts/en.js';
import { createFormats } from '../texts/formats.js';
import { sentenceOf } from './sentence.js';

const say = (kind: Notification['kind'], data: Notification['data']) =>
  sentenceOf(
    { id: '1', kind, data, at: '2026-11-06T10:00:00Z' },
    { texts: en, formats: createFormats('en'), currency: 'RUB' },
  );

describe('what a notification says', () => {
  it('is a sentence with the facts of its kind', () => {
    expect(say('order.placed', { number: '18', amount: 1250 })).toBe('Order 18 over ₽12.50 is placed.');
    expect(say('order.status.changed', { status: 'DELIVERING' })).toBe('Your order: On its way');
    expect(say('order.cancelled', { reason: 'OUT_OF_STOCK' })).toBe('The shop had run out of it');
    expect(say('balance.changed', { kind: 'CHARGE', change: -1250, balance: 0 })).toBe(
      'Paid for an order: −₽12.50. In your wallet: ₽0.00.',
    );
    expect(say('points.changed', { kind: 'EARNED', change: 72998, balance: 100000 })).toBe(
      'Earned: +729.98 points. You have 1,000.',
    );
  });

  it('names the order where its number is known', () => {
    const paid = {
      id: '1',
      kind: 'order.status.changed',
      data: { status: 'PAID' },
      at: '2026-11-06T10:00:00Z',
    } as const;
    expect(sentenceOf(paid, { texts: en, formats: createFormats('en'), currency: 'RUB' }, '18')).toBe('Order 18: Paid');
  });

  it('says what it can of what a newer shop tells', () => {
    expect(say('order.status.changed', { status: 'PARKED' })).toBe('Your order: PARKED');
    expect(say('order.cancelled', { reason: 'constructor' })).toBe('Your order was cancelled.');
    expect(say('points.changed', { kind: 'GIFT', change: 100, balance: 100 })).toBe('Points: +1 points. You have 1.');
    expect(say('drone.landed' as Notification['kind'], {})).toBe('Something has changed.');
  });
});
