import type { ParkedMessage } from '@g-store/client';
import { Stack } from '@mantine/core';
import { IconMoodSmile } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Empty } from '../design/empty.js';
import { FreshPill } from '../design/fresh-pill.js';
import { MoreButton } from '../design/more-button.js';
import { PaperList } from '../design/paper-list.js';
import { QueryView } from '../design/query-view.js';
import { useSettledRows } from '../design/settled-rows.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import type { ParkedWanted } from './parked-page.js';
import { ParkedRow } from './parked-row.js';
import { parkedQuery } from './queries.js';

export function ParkedList({ wanted }: { readonly wanted: ParkedWanted }) {
  const words = useWords().texts.operations.parked;
  const parked = useInfiniteQuery(parkedQuery(useShop(), wanted));
  return (
    <QueryView query={parked} lines={4}>
      {({ pages }) => (
        <Stack gap="sm">
          <Rows current={pages.flatMap((page) => page.parked)} wanted={wanted} />
          <MoreButton query={parked} label={words.more} />
        </Stack>
      )}
    </QueryView>
  );
}

interface RowsProps {
  readonly current: readonly ParkedMessage[];
  readonly wanted: ParkedWanted;
}

function Rows({ current, wanted }: RowsProps) {
  const words = useWords().texts.operations.parked;
  const { rows, fresh, showFresh } = useSettledRows(JSON.stringify(wanted), current);
  if (rows.length === 0) return <Empty title={words.empty} next={words.emptyNext} icon={IconMoodSmile} />;
  const there = new Set(current.map(({ id }) => id));
  return (
    <div>
      <FreshPill count={fresh} label={words.fresh(fresh)} onShow={showFresh} />
      <PaperList ordered>
        {rows.map((message) => (
          <ParkedRow key={message.id} message={message} service={wanted.service} gone={!there.has(message.id)} />
        ))}
      </PaperList>
    </div>
  );
}
