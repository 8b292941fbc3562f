import { Card, Stack, Switch } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useWords } from '../texts/texts.js';
import { EventsFilterForm } from './events-filter-form.js';
import { EventsList } from './events-list.js';
import { OperationsScreen } from './operations-screen.js';
import type { EventsFilter } from './queries.js';

const route = getRouteApi('/signed-in/operations/operations/events');

/** Everything that was told, by whatever an operator looks for. */
export function EventsPage() {
  const words = useWords().texts.operations.events;
  const { follow, ...filter } = route.useSearch();
  const navigate = useNavigate();
  const show = (next: EventsFilter) =>
    void navigate({ to: '/operations/events', search: { ...next, ...(follow && { follow }) } });
  return (
    <OperationsScreen title={words.title} intro={words.intro}>
      <Card component="section" aria-label={words.filter}>
        <Stack gap="md">
          <EventsFilterForm key={JSON.stringify(filter)} filter={filter} onShow={show} />
          <Switch
            label={words.follow}
            description={words.followHint}
            checked={follow === true}
            onChange={({ currentTarget: { checked } }) =>
              void navigate({
                to: '/operations/events',
                search: { ...filter, ...(checked && { follow: true as const }) },
                replace: true,
              })
            }
          />
        </Stack>
      </Card>
      <EventsList key={JSON.stringify([filter, follow])} filter={filter} follow={follow === true} />
    </OperationsScreen>
  );
}
