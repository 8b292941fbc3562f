import type { Notification } from '@g-store/client';
import type { NotificationPages } from './queries.js';

/** The same pages with these read (all, without an id); the very same where nothing changes. */
export function withRead(pages: NotificationPages, at: string, id?: string): NotificationPages {
  const isMeant = (each: Notification) => each.readAt === undefined && (id === undefined || each.id === id);
  if (!pages.pages.some(({ notifications }) => notifications.some(isMeant))) return pages;
  const read = (each: Notification): Notification => (isMeant(each) ? { ...each, readAt: at } : each);
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, notifications: page.notifications.map(read) })) };
}

export interface Day {
  /** As an instant in it. */
  readonly at: string;
  readonly notifications: readonly Notification[];
}

/** Newest first, day by day, where the reader is. */
export function byDay(notifications: readonly Notification[]): readonly Day[] {
  const days: { at: string; notifications: Notification[] }[] = [];
  for (const each of notifications) {
    const day = days.at(-1);
    if (day !== undefined && daysBetween(each.at, day.at) === 0) day.notifications.push(each);
    else days.push({ at: each.at, notifications: [each] });
  }
  return days;
}

/** Whole days in the calendar of the reader, whatever the clocks do in between. */
export function daysBetween(earlier: string, later: string): number {
  const midnight = (at: string): number => {
    const date = new Date(at);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return (midnight(later) - midnight(earlier)) / 86_400_000;
}

/** Only the news of its placing tell the number of an order: with these, later ones of the same order can say it, too. */
export const orderNumbers = (notifications: readonly Notification[]): ReadonlyMap<string, string> =>
  new Map(
    notifications.flatMap(({ orderId, data: { number } }) =>
      orderId === undefined || number === undefined ? [] : [[orderId, String(number)]],
    ),
  );
