import type { HeardEvent } from '@g-store/client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { createPace } from '../live/pace.js';
import { eventsStream, operationsKeys, type EventsFilter } from './queries.js';
import { useFollow } from './use-follow.js';

/** Those before fall out of the list while somebody follows; without following they are all there. */
export const MOST_NEWS = 200;
const PAINT_EVERY_MS = 200;

/** What comes from now on, the newest first, painted at most five times a second. */
export function useEventNews(filter: EventsFilter, follow: boolean) {
  const client = useQueryClient();
  const [news, setNews] = useState<readonly HeardEvent[]>([]);
  const [waiting] = useState(() => {
    const heard: HeardEvent[] = [];
    const pace = createPace(PAINT_EVERY_MS, () => {
      const taken = heard.splice(0).reverse();
      setNews((before) => [...taken, ...before].slice(0, MOST_NEWS));
    });
    return { heard, pace };
  });
  const state = useFollow(follow ? eventsStream(filter) : undefined, ({ event, data }) => {
    if (event !== 'event') return;
    waiting.heard.push(JSON.parse(data) as HeardEvent);
    waiting.pace.ask();
  });
  const live = state === 'live';
  const key = JSON.stringify(filter);
  useEffect(() => {
    // What was told between the list and the stream.
    if (live) void client.invalidateQueries({ queryKey: operationsKeys.events(JSON.parse(key) as EventsFilter) });
  }, [live, client, key]);
  return { news, state };
}
