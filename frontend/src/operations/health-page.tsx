import { serviceNames, type ServiceName } from '@g-store/client';
import { SimpleGrid } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useAnnounce } from '../design/announce.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { OperationsScreen } from './operations-screen.js';
import { statusQuery } from './queries.js';
import { ServiceTile } from './service-tile.js';

/** A tile per service. */
export function HealthPage() {
  const { texts } = useWords();
  const words = texts.operations.health;
  useHealthAnnounced();
  return (
    <OperationsScreen title={words.title} intro={words.intro}>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="lg">
        {serviceNames.map((service) => (
          <ServiceTile key={service} service={service} />
        ))}
      </SimpleGrid>
    </OperationsScreen>
  );
}

/** Said once when it is known, and whenever it changes. */
function useHealthAnnounced(): void {
  const words = useWords().texts.operations.health;
  const announce = useAnnounce();
  const shop = useShop();
  const sick = useQueries({
    queries: serviceNames.map((service) => statusQuery(shop, service)),
    combine: (statuses) =>
      statuses.some(({ isPending }) => isPending)
        ? undefined
        : statuses.flatMap(({ data, isError }, index): ServiceName[] =>
            data?.ready === true && !isError ? [] : [serviceNames[index] as ServiceName],
          ),
  });
  const said = sick === undefined ? undefined : sick.length === 0 ? words.allReady : words.notAllReady(sick.join(', '));
  useEffect(() => {
    if (said !== undefined) announce(said);
  }, [said, announce]);
}
