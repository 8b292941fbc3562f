import { Button, Group, Stack, Title } from '@mantine/core';
import type { Account, Transaction } from '@g-store/client';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useAnnounce } from '../design/announce.js';
import { Money } from '../design/amount.js';
import { Empty } from '../design/empty.js';
import { AnchorLink } from '../design/links.js';
import { Moment } from '../design/moment.js';
import { MoreButton } from '../design/more-button.js';
import { PaperList } from '../design/paper-list.js';
import { Problem } from '../design/problem.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { csvOf, saveFile } from './csv.js';
import { statementQuery } from './queries.js';
import classes from './wallet.module.css';

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
      <MoreButton query={query} label={texts.wallet.more} />
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
    <PaperList>
      {entries.map(({ id, type, direction, amount, orderId, balanceAfter, at }) => (
        <li key={id} className={classes['entry']}>
          {orderId === undefined ? (
            <span>{texts.wallet.kinds[type]}</span>
          ) : (
            <AnchorLink to="/orders/$orderId" params={{ orderId }}>
              {texts.wallet.kinds[type]}
            </AnchorLink>
          )}
          <strong>
            {direction === 'IN' ? '+' : '−'}&nbsp;
            <Money minor={amount} currency={currency} />
          </strong>
          <small>
            <Moment at={at} />
          </small>
          <small>
            {texts.wallet.after}: <Money minor={balanceAfter} currency={currency} />
          </small>
        </li>
      ))}
    </PaperList>
  );
}
