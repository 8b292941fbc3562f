import type { ServiceName } from '@g-store/client';
import { Button, Stack, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { useWords } from '../texts/texts.js';
import { AuditList } from './audit-list.js';
import type { ParkedSearch } from './addresses.js';
import { OperationsScreen } from './operations-screen.js';
import { ParkedFilterForm } from './parked-filter-form.js';
import { ParkedList } from './parked-list.js';
import { ParkedTabs } from './parked-tabs.js';
import { ReleaseAllDialog } from './release-all-dialog.js';

const route = getRouteApi('/signed-in/operations/operations/parked');

/** What a service could not work in, and what operators did about it. */
export function ParkedPage() {
  const { texts } = useWords();
  const words = texts.operations.parked;
  const search = route.useSearch();
  const wanted = wantedBy(search);
  const [asking, ask] = useDisclosure();
  return (
    <OperationsScreen
      title={words.title}
      intro={words.intro}
      actions={wanted.state === 'waiting' && <Button onClick={ask.open}>{words.releaseAll}</Button>}
    >
      <ParkedTabs service={wanted.service} search={search} />
      <ParkedFilterForm key={JSON.stringify(search)} wanted={wanted} />
      <ParkedList wanted={wanted} />
      <Stack component="section" aria-labelledby="audit" gap="sm">
        <Title order={2} id="audit">
          {words.audit}
        </Title>
        <AuditList service={wanted.service} />
      </Stack>
      <ReleaseAllDialog opened={asking} onClose={ask.close} wanted={wanted} />
    </OperationsScreen>
  );
}

export type ParkedWanted = Required<ParkedSearch>;

const wantedBy = ({ service = 'orders', topic = '', key = '', state = 'waiting' }: ParkedSearch): ParkedWanted => ({
  service: service satisfies ServiceName,
  topic,
  key,
  state,
});
