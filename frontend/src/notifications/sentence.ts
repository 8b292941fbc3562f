import type { CancellationReason, Notification, OrderStatus } from '@g-store/client';
import type { Texts } from '../texts/en.js';
import type { Formats } from '../texts/formats.js';

interface Language {
  readonly texts: Texts;
  readonly formats: Formats;
  readonly currency: string;
}

/** What a notification says in the reader's language; of a kind, state or reason that is not known here, as much as can be said. */
export function sentenceOf(
  { kind, data }: Notification,
  { texts, formats, currency }: Language,
  orderNumber?: string,
): string {
  const words = texts.notifications;
  const money = (name: string) => formats.money(whole(data[name]), currency);
  const moved = (state: string) =>
    orderNumber === undefined ? words.moved(state) : texts.live.orderIs(orderNumber, state);
  switch (kind) {
    case 'order.placed':
      return words.placed(String(data['number']), money('amount'));
    case 'order.status.changed':
      return moved(known(texts.states.customer, data['status'] as OrderStatus) ?? String(data['status']));
    case 'order.cancelled':
      return known(texts.order.why, data['reason'] as CancellationReason)?.title ?? words.cancelled;
    case 'payment.refunded':
      return words.refunded(money('amount'));
    case 'balance.changed':
      return words.money(
        known(texts.wallet.kinds, data['kind'] as keyof Texts['wallet']['kinds']) ?? texts.wallet.title,
        signed(whole(data['change']), (minor) => formats.money(minor, currency)),
        money('balance'),
      );
    case 'points.changed':
      return words.points(
        known(words.pointsKinds, data['kind'] as keyof Texts['notifications']['pointsKinds']) ?? texts.points.title,
        signed(whole(data['change']), formats.points),
        formats.points(whole(data['balance'])),
      );
    default:
      return words.other;
  }
}

const whole = (value: string | number | undefined): number => Math.trunc(Number(value)) || 0;

const signed = (minor: number, format: (minor: number) => string): string =>
  `${minor < 0 ? '−' : '+'}${format(Math.abs(minor))}`;

const known = <K extends string, T>(texts: Readonly<Record<K, T>>, name: K): T | undefined =>
  Object.hasOwn(texts, name) ? texts[name] : undefined;
