import { examine, type Finding } from './finding.mts';

/** Where a stack stands with what is under way, at one moment. */
export interface Stillness {
  readonly outboxes: readonly { readonly service: string; readonly unpublished: number; readonly newest: bigint }[];
  readonly lags: readonly {
    readonly consumer: string;
    readonly topic: string;
    readonly partition: number;
    readonly behind: bigint;
  }[];
  readonly ends: readonly bigint[];
  readonly parked: readonly { readonly consumer: string; readonly waiting: number }[];
  /** Orders by whether they still wait for payments or points. */
  readonly orders: { readonly all: number; readonly pending: readonly string[] };
  /** What was accepted and is not decided: requests of points, and issued orders without their reward. */
  readonly undecided: readonly string[];
}

/** Nothing is under way: everything is published and heard. What is parked waits for people, not for the machine. */
export const isStill = ({ outboxes, lags, orders, undecided }: Stillness): boolean =>
  outboxes.every(({ unpublished }) => unpublished === 0) &&
  lags.every(({ behind }) => behind === 0n) &&
  orders.pending.length === 0 &&
  undecided.length === 0;

/** Whether nothing happened between two looks: the last tick of a relay shows in Kafka alone. */
export const sameMoment = (one: Stillness, other: Stillness): boolean => fingerprint(one) === fingerprint(other);

const fingerprint = ({ outboxes, ends }: Stillness): string =>
  [...outboxes.map(({ newest }) => newest), ...ends].join(' ');

/** I7's quiescence. `before` and `after` enclose everything else that was looked at. */
export function checkStillness(before: Stillness, after: Stillness, parked: number): Finding {
  const about = examine(
    'I7',
    'nothing is under way: all is published and heard, nothing accepted waits to be decided',
    ['outboxes', 'partitions heard', 'orders'],
  );
  about.look('outboxes', after.outboxes.length);
  about.look('partitions heard', after.lags.length);
  about.look('orders', after.orders.all);
  for (const { service, unpublished } of after.outboxes)
    if (unpublished > 0) about.blame(`outbox of ${service}`, `${unpublished} events not published`, 'none');
  for (const { consumer, topic, partition, behind } of after.lags)
    if (behind > 0n) about.blame(`${consumer} on ${topic}/${partition}`, `${behind} records behind`, 'none');
  for (const id of after.orders.pending) about.blame(`order ${id}`, 'PENDING', 'paid or cancelled');
  for (const what of after.undecided) about.blame(what, 'undecided', 'decided');
  const waiting = after.parked.reduce((sum, each) => sum + each.waiting, 0);
  if (waiting !== parked)
    about.blame(
      'parked messages',
      after.parked.map((each) => `${each.consumer}: ${each.waiting}`).join(', ') || 'none',
      `${parked} in all`,
    );
  if (!sameMoment(before, after))
    about.blame('the stack', 'worked while this looked, so that other findings may be of what was under way', 'still');
  return about.finding();
}
