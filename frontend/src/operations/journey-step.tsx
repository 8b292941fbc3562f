import type { JourneyStep } from '@g-store/client';
import { IconArrowBackUp, IconRepeat, IconRotateClockwise } from '@tabler/icons-react';
import { memo } from 'react';
import { Moment } from '../design/moment.js';
import { useWords } from '../texts/texts.js';
import { EventDetails } from './event-details.js';
import classes from './operations.module.css';

/** One thing that a service did for the order; drawn again only when it has changed. */
export const JourneyStepRow = memo(function JourneyStepRow({ step }: { readonly step: JourneyStep }) {
  const { texts, formats } = useWords();
  const words = texts.operations.journey;
  const { type, service, occurredAt, afterMs, compensation, attempts, repeats } = step;
  return (
    <li className={classes['step']} data-compensation={compensation} data-type={type}>
      <div className={classes['said']}>
        <strong>{type}</strong>
        <span className={classes['service']}>{service}</span>
        {compensation && (
          <span className={classes['mark']}>
            <IconArrowBackUp size={16} aria-hidden /> {words.compensation}
          </span>
        )}
        {attempts > 1 && (
          <span className={classes['mark']}>
            <IconRotateClockwise size={16} aria-hidden /> {words.attempts(attempts)}
          </span>
        )}
        {repeats > 0 && (
          <span className={classes['mark']}>
            <IconRepeat size={16} aria-hidden /> {words.repeats(repeats)}
          </span>
        )}
      </div>
      <span className={classes['quiet']}>
        <Moment at={occurredAt} as="instant" />
        {afterMs !== null && ` · ${words.after(formats.duration(afterMs))}`}
      </span>
      <EventDetails event={step} />
    </li>
  );
});
