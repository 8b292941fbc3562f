import type { Notification } from '../domain/notification.js';

/** A person's notification centre, newest first. Marking as read changes nothing else and may be repeated at will. */
export interface NotificationCentre {
  /** Older than `before` if given, at most `limit`. */
  page(owner: string, page: { readonly before?: string; readonly limit: number }): Promise<readonly Notification[]>;
  unreadCount(owner: string): Promise<number>;
  /** False when there is no such notification of this owner. */
  markRead(owner: string, id: string): Promise<boolean>;
  markAllRead(owner: string): Promise<void>;
}
