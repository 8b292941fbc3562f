import type { Order } from '@g-store/client';
import { Button, Group, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useAnnounce } from '../design/announce.js';
import { Notice } from '../design/notice.js';
import { historyQuery } from '../orders/queries.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { useActorName } from './actor-name.js';

interface Props {
  readonly order: Order;
  readonly onDismiss: () => void;
}

/** Somebody was faster: who, and what they did. */
export function Conflict({ order, onDismiss }: Props) {
  const { texts, formats } = useWords();
  const words = texts.staff.order;
  const announce = useAnnounce();
  const history = useQuery(historyQuery(useShop(), order.id));
  const last = history.data?.at(-1);
  const who = useActorName(last?.actor ?? '', order.userId);
  const message =
    last === undefined
      ? words.conflictPlain
      : words.conflict(who, texts.states.staff[last.status], formats.time(last.at));
  useEffect(() => announce(message), [announce, message]);
  return (
    <Notice tone="caution" icon={IconUsers}>
      <Group gap="sm" justify="space-between">
        <Text size="sm" style={{ flex: '1 1 16rem' }}>
          {message}
        </Text>
        <Button size="compact-sm" variant="default" onClick={onDismiss}>
          {words.dismiss}
        </Button>
      </Group>
    </Notice>
  );
}
