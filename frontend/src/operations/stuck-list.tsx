import { Group, Stack, Text } from '@mantine/core';
import { IconMoodSmile } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Empty } from '../design/empty.js';
import { AnchorLink } from '../design/links.js';
import { MoreButton } from '../design/more-button.js';
import { PaperList } from '../design/paper-list.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import classes from './operations.module.css';
import { stuckQuery } from './queries.js';

/** Orders to which nothing has happened for too long, the longest first. */
export function StuckList() {
  const { texts, formats } = useWords();
  const words = texts.operations.journey;
  const stuck = useInfiniteQuery(stuckQuery(useShop()));
  return (
    <QueryView query={stuck} lines={3}>
      {({ pages }) => {
        const orders = pages.flatMap(({ items }) => items);
        const limit = formats.duration((pages[0]?.limitSeconds ?? 0) * 1_000);
        if (orders.length === 0)
          return <Empty title={words.nothingStuck} next={words.stuckHint(limit)} icon={IconMoodSmile} />;
        return (
          <Stack gap="sm">
            <Text c="dimmed">{words.stuckHint(limit)}</Text>
            <PaperList ordered>
              {orders.map(({ orderId, step, forSeconds }) => (
                <li key={orderId} className={classes['line']}>
                  <AnchorLink to="/operations/journeys/$orderId" params={{ orderId }}>
                    {orderId}
                  </AnchorLink>
                  <Group gap="xs">
                    <span>{words.waits[step]}</span>
                    <strong>{words.forLong(formats.duration(forSeconds * 1_000))}</strong>
                  </Group>
                </li>
              ))}
            </PaperList>
            <MoreButton query={stuck} label={words.more} />
          </Stack>
        );
      }}
    </QueryView>
  );
}
