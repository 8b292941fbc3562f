import { Notifications, notifications } from '@mantine/notifications';
import { useEffect, useRef, type ReactNode } from 'react';
import { stateGlyphs } from '../design/state-pill.js';
import { useWords } from '../texts/texts.js';
import { useLiveState, useNews } from './live.js';
import { isOrderChange, type Newest, type OrderChange } from './newest.js';

const MOST_AT_ONCE = 3;
const SHOWN_MS = 6_000;

export interface Toast {
  /** Another toast with the same id takes its place. */
  readonly id: string;
  readonly message: string;
  readonly icon?: ReactNode;
}

/** Shows a short message in the corner; at most three at once, and none goes while a pointer or focus is on it. */
export function useToast() {
  const { texts } = useWords();
  return ({ id, message, icon }: Toast): void => {
    notifications.hide(id);
    // Of those that wait for a place only the newest: nobody wants to be told of a storm one by one.
    notifications.cleanQueue();
    notifications.show({
      id,
      message,
      icon,
      color: 'pine',
      autoClose: SHOWN_MS,
      closeButtonProps: { 'aria-label': texts.live.close },
    });
  };
}

/** The corner itself, with what the shop tells by itself: each step of one's own orders, and that we are back. */
export function Toasts() {
  const { texts } = useWords();
  const toast = useToast();
  useNews((news) => {
    const orders = news.filter(isStep);
    for (const { change } of orders.slice(-MOST_AT_ONCE)) {
      const status = change.type === 'order.status.changed' ? change.data.status : 'CANCELLED';
      const Glyph = stateGlyphs[status];
      toast({
        id: `order ${change.data.orderId}`,
        message: texts.live.anOrderIs(texts.states.customer[status]),
        icon: <Glyph size={18} aria-hidden />,
      });
    }
  });
  const state = useLiveState();
  const away = useRef(false);
  useEffect(() => {
    if (state.status === 'reconnecting' || state.status === 'polling') away.current = true;
    if (state.status !== 'live' || !away.current) return;
    away.current = false;
    toast({ id: 'back online', message: texts.live.back(state.caughtUp ?? 0) });
  });
  return <Notifications limit={MOST_AT_ONCE} position="bottom-right" pauseResetOnHover="all" />;
}

/** That an order is there is no news to who has just placed it. */
const isStep = (news: Newest): news is Newest<OrderChange> =>
  news.mine && isOrderChange(news.change) && news.change.data.version > 1;
