import { Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Empty } from '../design/empty.js';
import { FreshPill } from '../design/fresh-pill.js';
import { ButtonLink } from '../design/links.js';
import { MoreButton } from '../design/more-button.js';
import { PaperList } from '../design/paper-list.js';
import { QueryView } from '../design/query-view.js';
import { Screen } from '../design/screen.js';
import { useSettledRows } from '../design/settled-rows.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { OrderRow } from './order-row.js';
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
            <MoreButton query={query} label={texts.orders.more} />
          </Stack>
        )}
      </QueryView>
    </Screen>
  );
}

function Rows({ orders }: { readonly orders: readonly Order[] }) {
  const { texts } = useWords();
  const { rows, fresh, showFresh } = useSettledRows('mine', orders);
  if (rows.length === 0) {
    return (
      <Empty title={texts.orders.empty}>
        <ButtonLink to="/" search={{}}>
          {texts.orders.emptyNext}
        </ButtonLink>
      </Empty>
    );
  }
  return (
    <div>
      <FreshPill count={fresh} label={texts.orders.fresh(fresh)} onShow={showFresh} />
      <PaperList>
        {rows.map((order) => (
          <OrderRow key={order.id} order={order} />
        ))}
      </PaperList>
    </div>
  );
}
