import type { FollowState, ServerEvent } from '@g-store/client';
import { useEffect, useRef, useState } from 'react';
import { useShop } from '../session/shop.js';

/** Hears a stream of the shop while this is shown; none without a path. */
export function useFollow(path: string | undefined, onMessage: (message: ServerEvent) => void): FollowState | 'off' {
  const { follow } = useShop();
  const [state, setState] = useState<FollowState | 'off'>('off');
  const latest = useRef(onMessage);
  useEffect(() => {
    latest.current = onMessage;
  });
  useEffect(() => {
    if (path === undefined) return;
    const stop = follow(path, {
      heard: (message) => latest.current(message),
      became: setState,
      refused: () => setState('off'),
    });
    return () => {
      stop();
      setState('off');
    };
  }, [follow, path]);
  return state;
}
