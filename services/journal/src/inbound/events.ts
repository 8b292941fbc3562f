import type { Subscription } from '@g-store/messaging';
import { keepEvent } from '../application/keep-event.js';
import type { Announcements, Work } from '../application/work.js';
import { catalogue } from './catalogue.js';

/** The journal hears everything. */
export const everyEvent = (announcements: Announcements): readonly Subscription<Work>[] =>
  catalogue.flatMap(({ topic, kindByCase }) =>
    [...kindByCase].map(([name, { type, about }]): Subscription<Work> => ({
      message: topic.message,
      case: name,
      final: false,
      announce(value, meta) {
        const { orderId, entry } = about(value, meta);
        return [
          ...(orderId === undefined ? [] : [announcements.journey(orderId)]),
          ...(entry ? [announcements.account(entry.kind, entry.accountId)] : []),
          announcements.tally(),
        ];
      },
      handle(work, value, meta, { partition, offset, raw }) {
        const { eventId, occurredAt, correlationId, causationId = null } = meta;
        const event = {
          eventId,
          topic: topic.name,
          partition,
          offset,
          type,
          occurredAt,
          correlationId,
          causationId,
          raw,
        };
        return keepEvent(work, event, { owner: meta.owner, ...about(value, meta) });
      },
      repeated: (work, { eventId }) => work.repeat(eventId),
    })),
  );
