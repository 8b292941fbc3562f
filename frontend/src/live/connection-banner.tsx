import { Button, Group, Text } from '@mantine/core';
import { IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Notice } from '../design/notice.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { useLiveState } from './live.js';

/** Says when news cannot get through, how old what is shown is, and when all is well again. */
export function ConnectionBanner() {
  const { live } = useShop();
  const { texts, formats } = useWords();
  const state = useLiveState();
  const [lostAt, setLostAt] = useState<number>();
  const away = state.status === 'reconnecting' || state.status === 'polling';
  const wasAway = useRef(false);

  useEffect(() => {
    if (away && !wasAway.current) setLostAt(Date.now());
    if (away) wasAway.current = true;
    if (state.status === 'live' || state.status === 'idle') wasAway.current = false;
  }, [away, state.status]);

  if (!away) return null;
  const polling = state.status === 'polling';
  return (
    <Notice tone={polling ? 'calm' : 'caution'} icon={polling ? IconRefresh : IconPlugConnectedX}>
      <Group gap="sm" justify="space-between">
        <Text size="sm">
          {polling ? texts.live.polling : texts.live.reconnecting}{' '}
          {!polling && lostAt !== undefined && texts.live.asOf(formats.time(lostAt))}
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => live.reconnect()}>
          {texts.live.tryNow}
        </Button>
      </Group>
    </Notice>
  );
}
