import type { LiveState, Target } from '@g-store/client';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useRef, useSyncExternalStore, type ReactNode } from 'react';
import { useShop, useUser } from '../session/shop.js';
import { createNewest, type Newest } from './newest.js';
import { createPace } from './pace.js';
import { applyNews } from './patches.js';

/** At most five times a second, however fast the news come. */
const PAINT_EVERY_MS = 200;
/** Where no socket gets through, what is shown is asked for this often. */
const POLL_EVERY_MS = 5_000;

type Listener = (news: readonly Newest[]) => void;

interface LiveNews {
  watch(target: Target): () => void;
  onNews(listener: Listener): () => void;
}

const LiveContext = createContext<LiveNews | undefined>(undefined);

function useLiveNews(): LiveNews {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error('live news outside of LiveUpdates');
  return live;
}

/** How the connection is. */
export function useLiveState(): LiveState {
  const { live } = useShop();
  return useSyncExternalStore(live.onChange, () => live.state);
}

/** While this is shown, news of these orders come in too; one's own always do. */
export function useWatch(target: Target): void {
  const { watch } = useLiveNews();
  const name = JSON.stringify(target);
  useEffect(() => watch(JSON.parse(name) as Target), [watch, name]);
}

/** Called after the news have been worked into what is shown: the newest of each thing, at most five times a second. */
export function useNews(listener: Listener): void {
  const { onNews } = useLiveNews();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => onNews((news) => latest.current(news)), [onNews]);
}

/** One connection for the whole page. What it brings goes into the query cache, by version; where it missed something, all is read again. */
export function LiveUpdates({ children }: { readonly children: ReactNode }) {
  const shop = useShop();
  const client = useQueryClient();
  const userId = useUser()?.id;

  const news = useMemo(() => {
    const newest = createNewest();
    const listeners = new Set<Listener>();
    const pace = createPace(PAINT_EVERY_MS, () => {
      const taken = newest.take();
      applyNews(client, taken);
      for (const listener of listeners) listener(taken);
    });
    const watch = (target: Target) =>
      shop.live.watch(target, {
        change(change) {
          newest.add(change, 'scope' in target && target.scope === 'mine');
          pace.ask();
        },
        ready({ recovered }) {
          if (!recovered) void client.invalidateQueries({ predicate: isOfOnePerson });
        },
      });
    const onNews = (listener: Listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };
    return { watch, onNews, pace };
  }, [shop, client]);

  useEffect(() => (userId === undefined ? undefined : news.watch({ scope: 'mine' })), [news, userId]);
  usePolling();
  return <LiveContext value={news}>{children}</LiveContext>;
}

/** Everything but what is the same for everybody. */
export const isOfOnePerson = ({ queryKey: [first] }: { readonly queryKey: readonly unknown[] }): boolean =>
  first !== 'catalogue';

function usePolling(): void {
  const client = useQueryClient();
  const { status } = useLiveState();
  useEffect(() => {
    if (status !== 'polling') return;
    const timer = setInterval(() => void client.invalidateQueries({ predicate: isOfOnePerson }), POLL_EVERY_MS);
    return () => clearInterval(timer);
  }, [client, status]);
}
