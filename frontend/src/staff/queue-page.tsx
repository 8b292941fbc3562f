import { ActionIcon, Box, CloseButton, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKeyboard } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { Screen } from '../design/screen.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { filterOf, queueOf } from './filter.js';
import { KeysDialog } from './keys-dialog.js';
import { personQuery } from './queries.js';
import { QueueList } from './queue-list.js';
import { QueueSearchField } from './queue-search-field.js';
import { QueueTabs } from './queue-tabs.js';
import { useQueueKeys } from './use-queue-keys.js';

const route = getRouteApi('/signed-in/staff/staff/orders');

/** The staff's work, queue by queue. */
export function QueuePage() {
  const { texts } = useWords();
  const search = route.useSearch();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [helping, help] = useDisclosure();
  const keys = useQueueKeys({ field, list, onHelp: help.open });
  return (
    <Screen
      title={texts.staff.queue.title}
      actions={
        <ActionIcon variant="default" size="lg" aria-label={texts.staff.keys.open} onClick={help.open}>
          <IconKeyboard aria-hidden />
        </ActionIcon>
      }
    >
      <Stack gap="md">
        <QueueTabs queue={queueOf(search)} search={search} />
        <QueueSearchField
          ref={field}
          value={search.q ?? ''}
          onSearch={(q) =>
            void navigate({
              to: '/staff/orders',
              search: ({ q: _, ...rest }) => (q === '' ? rest : { ...rest, q }),
              replace: true,
            })
          }
        />
        {search.userId !== undefined && <CustomerFilter userId={search.userId} />}
        <Box ref={list} mt="sm">
          <QueueList filter={filterOf(search)} />
        </Box>
      </Stack>
      <KeysDialog opened={helping} onClose={help.close} keys={keys} />
    </Screen>
  );
}

function CustomerFilter({ userId }: { readonly userId: string }) {
  const { texts } = useWords();
  const words = texts.staff;
  const navigate = useNavigate();
  const person = useQuery(personQuery(useShop(), userId));
  return (
    <Group gap="xs">
      <Text fw={550} dir="auto">
        {words.queue.of(person.data?.name ?? words.order.noName)}
      </Text>
      <CloseButton
        aria-label={words.queue.everybody}
        onClick={() => void navigate({ to: '/staff/orders', search: ({ userId: _, ...rest }) => rest })}
      />
    </Group>
  );
}
