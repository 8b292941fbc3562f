import type { EventMeta, EventsOf, MessageType } from '@g-store/contracts';
import type { Announced } from './table.js';

/** Where an event was heard, and its bytes as they came. */
export interface HeardRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly raw: Buffer;
}

/** One case of one message that a service hears, and what it does then. `W` is the service's own view of a unit of work. */
export interface Subscription<W> {
  readonly message: MessageType<object>;
  readonly case: string;
  /** Gets the same work as a use case called over HTTP. What it throws rolls the message back, to be tried again and then parked. */
  readonly handle: (work: W, value: object, meta: EventMeta, record: HeardRecord) => Promise<void>;
  readonly announce: (value: object, meta: EventMeta) => readonly Announced[];
  /** Told of each repeat, whose effect does not come again. */
  readonly repeated?: (work: W, meta: EventMeta) => Promise<void>;
  /** A final event is applied across a gap in versions; afterwards every other version of its key counts as a repeat. */
  readonly final: boolean;
}

export interface SubscriptionOptions<V, W> {
  readonly announce?: (value: V, meta: EventMeta) => readonly Announced[];
  readonly repeated?: (work: W, meta: EventMeta) => Promise<void>;
  readonly final?: boolean;
}

/** `on(PaymentEvent, 'processed', handler)`: what a service hears. */
export function on<W, E extends object, C extends keyof E & string>(
  message: MessageType<E>,
  eventCase: C,
  handle: (work: W, value: EventsOf<MessageType<E>>[C], meta: EventMeta, record: HeardRecord) => Promise<void>,
  options: SubscriptionOptions<EventsOf<MessageType<E>>[C], W> = {},
): Subscription<W> {
  return {
    message: message as unknown as MessageType<object>,
    case: eventCase,
    handle: handle as Subscription<W>['handle'],
    announce: (options.announce ?? (() => [])) as Subscription<W>['announce'],
    ...(options.repeated && { repeated: options.repeated }),
    final: options.final ?? false,
  };
}
