import { VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import classes from '../design/tabs.module.css';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { queues, type Queue, type QueueSearch } from './filter.js';
import { COUNTED_AT_MOST, countsQuery } from './queries.js';

interface Props {
  readonly queue: Queue;
  readonly search: QueueSearch;
}

/** The queues, each with how many wait in it. */
export function QueueTabs({ queue: current, search }: Props) {
  const { texts, formats } = useWords();
  const words = texts.staff.queue;
  const counts = useQuery(countsQuery(useShop())).data as Readonly<Partial<Record<Queue, number>>> | undefined;
  return (
    <nav aria-label={words.tabs} className={classes['tabs']}>
      {queues.map((queue) => {
        const n = counts?.[queue];
        const shown = n === undefined ? undefined : n < COUNTED_AT_MOST ? formats.number(n) : `${formats.number(n)}+`;
        const name = queue === 'ALL' ? words.all : texts.states.staff[queue];
        return (
          <Link
            key={queue}
            to="/staff/orders"
            search={{ ...search, queue }}
            className={classes['tab']}
            aria-current={queue === current ? 'page' : undefined}
            activeProps={{}}
          >
            {name}
            {n !== undefined && shown !== undefined && (
              <>
                <span className={classes['count']} aria-hidden>
                  {shown}
                </span>
                <VisuallyHidden>, {words.count(shown, n)}</VisuallyHidden>
              </>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
