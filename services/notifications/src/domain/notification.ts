export const notificationKinds = [
  'order.placed',
  'order.status.changed',
  'order.cancelled',
  'payment.refunded',
  'balance.changed',
  'points.changed',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** A line of somebody's notification centre. It holds facts, no sentences: those are made in the reader's language. */
export interface Notification {
  /** The event's own id, so that an event is told once. */
  readonly id: string;
  readonly owner: string;
  readonly kind: NotificationKind;
  readonly orderId?: string;
  readonly accountId?: string;
  readonly data: Readonly<Record<string, string | number>>;
  readonly at: Date;
  readonly readAt?: Date;
}
