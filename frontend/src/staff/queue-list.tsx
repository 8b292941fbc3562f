import { Stack, Text } from '@mantine/core';
import { IconMoodSmile, IconSearchOff } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Empty } from '../design/empty.js';
import { FreshPill } from '../design/fresh-pill.js';
import { ButtonLink } from '../design/links.js';
import { MoreButton } from '../design/more-button.js';
import { PaperList } from '../design/paper-list.js';
import { QueryView } from '../design/query-view.js';
import { useSettledRows } from '../design/settled-rows.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import type { QueueFilter } from './filter.js';
import { COUNTED_AT_MOST, queueQuery, type QueuePages } from './queries.js';
import { QueueRow } from './queue-row.js';
import { useQueueNews } from './use-queue-news.js';

export function QueueList({ filter }: { readonly filter: QueueFilter }) {
  const { texts } = useWords();
  const queue = useInfiniteQuery(queueQuery(useShop(), filter));
  return (
    <QueryView query={queue} lines={8}>
      {(pages) => (
        <Stack gap="sm">
          <Rows pages={pages} filter={filter} />
          <MoreButton query={queue} label={texts.staff.queue.more} />
        </Stack>
      )}
    </QueryView>
  );
}

interface RowsProps {
  readonly pages: QueuePages;
  readonly filter: QueueFilter;
}

function Rows({ pages, filter }: RowsProps) {
  const { texts, formats } = useWords();
  const words = texts.staff.queue;
  const current = pages.pages.flatMap(({ orders }) => orders);
  const { rows, fresh, showFresh, patch } = useSettledRows(JSON.stringify(filter), current);
  useQueueNews(patch);
  if (rows.length === 0) return <Nothing filter={filter} />;
  const total = pages.pages.at(-1)?.total ?? 0;
  return (
    <div>
      <FreshPill count={fresh} label={words.fresh(fresh)} onShow={showFresh} />
      <Stack gap="sm">
        <PaperList ordered>
          {rows.map((order) => (
            <QueueRow
              key={order.id}
              order={order}
              moved={filter.status !== undefined && order.status !== filter.status}
            />
          ))}
        </PaperList>
        <Text size="sm" c="dimmed" ta="center">
          {words.total(current.length, `${formats.number(total)}${total < COUNTED_AT_MOST ? '' : '+'}`)}
        </Text>
      </Stack>
    </div>
  );
}

function Nothing({ filter: { q, userId, status } }: { readonly filter: QueueFilter }) {
  const { texts } = useWords();
  const words = texts.staff.queue;
  if (q === undefined && userId === undefined)
    return <Empty title={words.empty} next={words.emptyNext} icon={IconMoodSmile} />;
  return (
    <Empty title={words.notFound} next={words.notFoundNext} icon={IconSearchOff}>
      {status !== undefined && (
        <ButtonLink to="/staff/orders" search={{ queue: 'ALL', ...(q && { q }), ...(userId && { userId }) }}>
          {words.all}
        </ButtonLink>
      )}
    </Empty>
  );
}
