import { Group, Stack } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { HeardEvent } from '@g-store/client';
import { Empty } from '../design/empty.js';
import { FreshPill } from '../design/fresh-pill.js';
import { MoreButton } from '../design/more-button.js';
import { PaperList } from '../design/paper-list.js';
import { QueryView } from '../design/query-view.js';
import { useSettledRows } from '../design/settled-rows.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { EventRow } from './event-row.js';
import { FollowNotice, FollowPill } from './follow-pill.js';
import { eventsQuery, type EventsFilter } from './queries.js';
import { MOST_NEWS, useEventNews } from './use-event-news.js';

interface Props {
  readonly filter: EventsFilter;
  readonly follow: boolean;
}

export function EventsList({ filter, follow }: Props) {
  const words = useWords().texts.operations.events;
  const events = useInfiniteQuery(eventsQuery(useShop(), filter));
  const { news, state } = useEventNews(filter, follow);
  return (
    <Stack gap="sm">
      <FollowNotice state={state} />
      {follow && (
        <Group>
          <FollowPill state={state} />
        </Group>
      )}
      <QueryView query={events} lines={8}>
        {({ pages }) => {
          const older = pages.flatMap(({ items }) => items);
          const all = news.length < MOST_NEWS ? distinct([...news, ...older]) : news;
          return (
            <Stack gap="sm">
              <Rows events={all} follow={follow} />
              {news.length < MOST_NEWS && <MoreButton query={events} label={words.more} />}
            </Stack>
          );
        }}
      </QueryView>
    </Stack>
  );
}

function Rows({ events, follow }: { readonly events: readonly HeardEvent[]; readonly follow: boolean }) {
  const words = useWords().texts.operations.events;
  const { rows, fresh, showFresh } = useSettledRows('events', events);
  const [inside, setInside] = useState(false);
  useEffect(() => {
    // Nobody is at a row that would move.
    if (follow && !inside && fresh > 0) showFresh();
  });
  if (rows.length === 0) return <Empty title={words.empty} next={words.emptyNext} icon={IconListSearch} />;
  return (
    <div
      onPointerEnter={() => setInside(true)}
      onPointerLeave={({ currentTarget }) => setInside(currentTarget.contains(document.activeElement))}
      onFocus={() => setInside(true)}
      onBlur={({ currentTarget, relatedTarget }) => setInside(currentTarget.contains(relatedTarget))}
    >
      <FreshPill count={inside || !follow ? fresh : 0} label={words.fresh(fresh)} onShow={showFresh} />
      <PaperList ordered>
        {rows.map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
      </PaperList>
    </div>
  );
}

/** An event may come by the stream and by the list. */
const distinct = (events: readonly HeardEvent[]): readonly HeardEvent[] => [
  ...new Map(events.map((event) => [event.id, event])).values(),
];
