import type { HeardEvent } from '@g-store/client';
import { memo } from 'react';
import { AnchorLink } from '../design/links.js';
import { Moment } from '../design/moment.js';
import { useWords } from '../texts/texts.js';
import { EventDetails } from './event-details.js';
import classes from './operations.module.css';

/** One event of the list; it never changes. */
export const EventRow = memo(function EventRow({ event }: { readonly event: HeardEvent }) {
  const words = useWords().texts.operations.event;
  const { type, service, key, version, orderId, occurredAt } = event;
  return (
    <li className={classes['row']} data-type={type}>
      <div className={classes['said']}>
        <strong>{type}</strong>
        <span className={classes['service']}>{service}</span>
        <span className={classes['quiet']}>
          {key} · {version}
        </span>
      </div>
      <div className={classes['said']}>
        <span className={classes['quiet']}>
          <Moment at={occurredAt} as="instant" />
        </span>
        {orderId !== null && (
          <AnchorLink to="/operations/journeys/$orderId" params={{ orderId }} size="sm">
            {words.journey}
          </AnchorLink>
        )}
      </div>
      <EventDetails event={event} />
    </li>
  );
});
