import { Button, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Empty } from '../design/empty.js';
import { ButtonLink } from '../design/links.js';
import { QueryView } from '../design/query-view.js';
import { Screen } from '../design/screen.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { OrderRow } from './order-row.js';
import classes from './orders.module.css';
import { myOrdersQuery, type Order } from './queries.js';

export function MyOrdersPage() {
  const { texts } = useWords();
  const query = useInfiniteQuery(myOrdersQuery(useShop()));
  return (
    <Screen title={texts.orders.title}>
      <QueryView query={query} lines={6}>
        {({ pages }) => (
          <Stack>
            <Rows orders={pages.flatMap(({ orders }) => orders)} />
            {query.hasNextPage && (
              <Button
                variant="default"
                onClick={() => void query.fetchNextPage()}
                loading={query.isFetchingNextPage}
                style={{ alignSelf: 'center' }}
              >
                {texts.orders.more}
              </Button>
            )}
          </Stack>
        )}
      </QueryView>
    </Screen>
  );
}

/** Rows do not move under the pointer: an order that comes in while they are read waits behind a button. */
function Rows({ orders }: { readonly orders: readonly Order[] }) {
  const { texts } = useWords();
  const [firstId, setFirstId] = useState(orders[0]?.id);
  const firstShown = firstId === undefined ? 0 : orders.findIndex(({ id }) => id === firstId);
  const waiting = Math.max(0, firstShown);
  if (orders.length === 0) {
    return (
      <Empty title={texts.orders.empty}>
        <ButtonLink to="/" search={{}}>
          {texts.orders.emptyNext}
        </ButtonLink>
      </Empty>
    );
  }
  return (
    <>
      <div role="status">
        {waiting > 0 && (
          <Button variant="light" fullWidth onClick={() => setFirstId(orders[0]?.id)}>
            {texts.orders.fresh(waiting)}
          </Button>
        )}
      </div>
      <ul className={classes['rows']}>
        {orders.slice(waiting).map((order) => (
          <OrderRow key={order.id} order={order} />
        ))}
      </ul>
    </>
  );
}
