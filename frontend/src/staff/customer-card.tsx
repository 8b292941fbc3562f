import { Code, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { AnchorLink } from '../design/links.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { FactCard } from '../design/facts.js';
import { personQuery } from './queries.js';

export function CustomerCard({ userId }: { readonly userId: string }) {
  const { texts } = useWords();
  const words = texts.staff.order;
  const person = useQuery(personQuery(useShop(), userId));
  return (
    <FactCard id="customer" title={words.customer}>
      <QueryView query={person} lines={2}>
        {(found) => (
          <Stack gap="xs">
            <Text fw={600} size="lg" dir="auto">
              {found === null ? words.noCustomer : (found.name ?? words.noName)}
            </Text>
            <Text size="sm" c="dimmed">
              {words.customerId}: <Code>{userId}</Code>
            </Text>
            <AnchorLink to="/staff/orders" search={{ queue: 'ALL', userId }}>
              {words.theirOrders}
            </AnchorLink>
          </Stack>
        )}
      </QueryView>
    </FactCard>
  );
}
