import type { PointsEntry } from '@g-store/client';
import { Card, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Points } from '../design/amount.js';
import { Empty } from '../design/empty.js';
import { AnchorLink } from '../design/links.js';
import { Moment } from '../design/moment.js';
import { MoreButton } from '../design/more-button.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import type { Texts } from '../texts/en.js';
import { useWords } from '../texts/texts.js';
import classes from './points.module.css';
import { entriesQuery } from './queries.js';

/** Every change, with what it left. */
export function Statement() {
  const { texts } = useWords();
  const words = texts.points.statement;
  const entries = useInfiniteQuery(entriesQuery(useShop()));
  return (
    <Stack component="section" gap="sm" aria-labelledby="points-statement">
      <Title order={2} id="points-statement">
        {words.title}
      </Title>
      <QueryView query={entries}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.entries);
          if (all.length === 0) return <Empty title={words.empty} next={words.emptyNext} />;
          return (
            <Card className={classes['paper']}>
              <table className={classes['statement']} aria-labelledby="points-statement">
                <thead>
                  <tr>
                    <th scope="col">{words.what}</th>
                    <th scope="col" className={classes['amount']}>
                      {words.change}
                    </th>
                    <th scope="col" className={classes['amount']}>
                      {words.after}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {all.map((entry) => (
                    <Line key={entry.version} entry={entry} />
                  ))}
                </tbody>
              </table>
              <MoreButton query={entries} label={words.more} mt="md" />
            </Card>
          );
        }}
      </QueryView>
    </Stack>
  );
}

function Line({ entry }: { readonly entry: PointsEntry }) {
  const { texts } = useWords();
  const { at, direction, amount, balanceAfter, orderId } = entry;
  return (
    <tr>
      <td>
        {titleOf(entry, texts)}{' '}
        {orderId !== undefined && (
          <AnchorLink to="/orders/$orderId" params={{ orderId }} size="sm">
            {texts.points.statement.order}
          </AnchorLink>
        )}
        <Text size="sm" c="dimmed">
          <Moment at={at} />
        </Text>
      </td>
      <td className={classes['amount']}>
        <Text span fw={650} c={direction === 'IN' ? 'var(--mantine-color-anchor)' : 'var(--mantine-color-text)'}>
          {direction === 'IN' ? '+' : '−'}
          <Points minor={amount} />
        </Text>
      </td>
      <td className={classes['amount']}>
        <Points minor={balanceAfter} />
      </td>
    </tr>
  );
}

function titleOf({ type, orderNumber = '', reason }: PointsEntry, { points: { statement: words } }: Texts): string {
  if (type === 'EARNED') return words.earned(orderNumber);
  if (type === 'WITHDRAWN') return words.withdrawn(orderNumber);
  // What a machine asked for has a reason that says nothing to people.
  if (type === 'ADJUSTED' && reason !== undefined && !/^request: /.test(reason)) return `${words.ADJUSTED}: ${reason}`;
  return words[type];
}
