import type { Notification } from '@g-store/client';
import { byDay, daysBetween, orderNumbers, withRead } from './reading.js';

const local = (day: number, hour: number): string => new Date(2026, 10, day, hour).toISOString();
const news = (id: string, at: string, readAt?: string): Notification => ({
  id,
  kind: 'order.placed',
  data: {},
  at,
  ...(readAt !== undefined && { readAt }),
});
const pagesOf = (...notifications: readonly Notification[]) => ({
  pages: [{ notifications, nextCursor: null }],
  pageParams: [undefined],
});

describe('the notification centre', () => {
  it('stands day by day, by the clock of the reader', () => {
    const days = byDay([
      news('d', local(7, 0)),
      news('c', local(6, 23)),
      news('b', local(6, 1)),
      news('a', local(4, 12)),
    ]);
    expect(days.map(({ notifications }) => notifications.map(({ id }) => id).join(''))).toEqual(['d', 'cb', 'a']);
  });

  it('knows yesterday, however short the night was', () => {
    expect(daysBetween(local(6, 23), local(7, 0))).toBe(1);
    expect(daysBetween(local(7, 0), local(7, 23))).toBe(0);
  });

  it('marks one as read, at once', () => {
    const { pages } = withRead(pagesOf(news('b', local(7, 1)), news('a', local(7, 0))), local(7, 2), 'a');
    expect(pages[0]?.notifications.map(({ readAt }) => readAt)).toEqual([undefined, local(7, 2)]);
  });

  it('marks all as read, and leaves the time of those that were', () => {
    const { pages } = withRead(pagesOf(news('b', local(7, 1)), news('a', local(7, 0), local(7, 1))), local(7, 2));
    expect(pages[0]?.notifications.map(({ readAt }) => readAt)).toEqual([local(7, 2), local(7, 1)]);
  });

  it('is the very same when all were read before', () => {
    const pages = pagesOf(news('a', local(7, 0), local(7, 1)));
    expect(withRead(pages, local(7, 2))).toBe(pages);
  });

  it('learns the number of an order from the news of its placing', () => {
    const placed = { ...news('a', local(7, 0)), orderId: 'o1', data: { number: '18' } };
    const paid = { ...news('b', local(7, 1)), orderId: 'o1', data: { status: 'PAID' } };
    expect([...orderNumbers([paid, placed])]).toEqual([['o1', '18']]);
  });
});
