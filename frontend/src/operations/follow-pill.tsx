import type { FollowState } from '@g-store/client';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { Notice } from '../design/notice.js';
import { useWords } from '../texts/texts.js';
import { Pill } from './pill.js';

/** How the stream is by which this screen is kept up to date. */
export function FollowPill({ state }: { readonly state: FollowState | 'off' }) {
  const words = useWords().texts.operations;
  if (state === 'off') return null;
  return <Pill tone={state === 'live' ? 'good' : 'waiting'}>{state === 'live' ? words.live : words.connecting}</Pill>;
}

export function FollowNotice({ state }: { readonly state: FollowState | 'off' }) {
  const words = useWords().texts.operations;
  if (state !== 'reconnecting') return null;
  return (
    <Notice tone="caution" icon={IconPlugConnectedX}>
      {words.reconnecting}
    </Notice>
  );
}
