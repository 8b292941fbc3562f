import type { HeardEvent } from '@g-store/client';
import type { ReactNode } from 'react';
import { CopyText } from '../design/copy-text.js';
import { Moment } from '../design/moment.js';
import { Facts } from '../design/facts.js';
import { useWords } from '../texts/texts.js';
import { asJson, MessageBody } from './message-body.js';
import classes from './operations.module.css';

/** The whole of an event, for who wants to see it. */
export function EventDetails({ event }: { readonly event: HeardEvent }) {
  const words = useWords().texts.operations;
  const named = words.event;
  const copied = (name: string, value: string | null): readonly (readonly [string, ReactNode])[] =>
    value === null ? [] : [[name, <CopyText key={name} value={value} label={words.copy(name)} />]];
  return (
    <details className={classes['details']}>
      <summary>{named.whole}</summary>
      <Facts
        facts={[
          ...copied(words.journey.trace, event.traceId),
          [named.place, `${event.topic}/${event.partition} @ ${event.offset}`],
          ...copied(named.key, event.key),
          [named.version, event.version],
          ...copied(named.account, event.account),
          [named.told, <Moment key="told" at={event.occurredAt} as="instant" />],
          [named.heard, <Moment key="heard" at={event.heardAt} as="instant" />],
          ...copied(named.id, event.id),
          ...copied(named.cause, event.causationId),
          ...copied(named.correlation, event.correlationId),
        ]}
      />
      <MessageBody label={named.decoded}>{asJson(event.value)}</MessageBody>
    </details>
  );
}
