import { Button, Card, Group, Stack, Table, Title } from '@mantine/core';
import type { Account, Transaction } from '@g-store/client';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useAnnounce } from '../design/announce.js';
import { Money } from '../design/amount.js';
import { Empty } from '../design/empty.js';
import { AnchorLink } from '../design/links.js';
import { Moment } from '../design/moment.js';
import { Problem } from '../design/problem.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { csvOf, saveFile } from './csv.js';
import { statementQuery } from './queries.js';

/** What has moved, the newest first, with the balance after each. */
export function Statement({ account }: { readonly account: Account }) {
  const { texts } = useWords();
  const shop = useShop();
  const announce = useAnnounce();
  const query = useInfiniteQuery(statementQuery(shop, account.id));
  const csv = useMutation({
    mutationFn: async () => {
      const all: Transaction[] = [];
      const list = shop.payments.each('/v1/accounts/{id}/transactions', {
        path: { id: account.id },
        query: { limit: 100 },
      });
      for await (const transaction of list) all.push(transaction);
      saveFile('g-store-statement.csv', 'text/csv;charset=utf-8', csvOf(all, account.currency));
      return all.length;
    },
    onSuccess: (count) => announce(texts.wallet.csvDone(count)),
  });
  return (
    <Stack component="section" aria-labelledby="statement" gap="sm">
      <Group justify="space-between">
        <Title order={2} id="statement">
          {texts.wallet.statement}
        </Title>
        <Button
          size="sm"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => csv.mutate()}
          loading={csv.isPending}
        >
          {texts.wallet.csv}
        </Button>
      </Group>
      {csv.isError && <Problem error={csv.error} onRetry={() => csv.mutate()} retrying={csv.isPending} />}
      <QueryView query={query}>
        {({ pages }) => (
          <Entries entries={pages.flatMap(({ transactions }) => transactions)} currency={account.currency} />
        )}
      </QueryView>
      {query.hasNextPage && (
        <Button
          variant="default"
          onClick={() => void query.fetchNextPage()}
          loading={query.isFetchingNextPage}
          style={{ alignSelf: 'center' }}
        >
          {texts.wallet.more}
        </Button>
      )}
    </Stack>
  );
}

interface EntriesProps {
  readonly entries: readonly Transaction[];
  readonly currency: string;
}

function Entries({ entries, currency }: EntriesProps) {
  const { texts } = useWords();
  if (entries.length === 0) return <Empty title={texts.wallet.empty} next={texts.wallet.emptyNext} />;
  return (
    <Card p={0}>
      <Table.ScrollContainer minWidth={0} type="native">
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.wallet.what}</Table.Th>
              <Table.Th ta="right">{texts.wallet.change}</Table.Th>
              <Table.Th ta="right">{texts.wallet.after}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map(({ id, type, direction, amount, orderId, balanceAfter, at }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  {orderId === undefined ? (
                    texts.wallet.kinds[type]
                  ) : (
                    <AnchorLink to="/orders/$orderId" params={{ orderId }}>
                      {texts.wallet.kinds[type]}
                    </AnchorLink>
                  )}
                  <br />
                  <small>
                    <Moment at={at} />
                  </small>
                </Table.Td>
                <Table.Td ta="right" fw={600}>
                  {direction === 'IN' ? '+' : '−'}&nbsp;
                  <Money minor={amount} currency={currency} />
                </Table.Td>
                <Table.Td ta="right">
                  <Money minor={balanceAfter} currency={currency} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}
