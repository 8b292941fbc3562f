import { Button, Card, Stack, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { isProblem } from '@g-store/client';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../design/empty.js';
import { AnchorLink, ButtonLink } from '../design/links.js';
import { QueryView } from '../design/query-view.js';
import { Screen } from '../design/screen.js';
import { StatePill } from '../design/state-pill.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { CancelDialog } from './cancel-dialog.js';
import { Contents } from './contents.js';
import { Failure } from './failure.js';
import { History } from './history.js';
import classes from './orders.module.css';
import { historyQuery, orderQuery, type Order } from './queries.js';
import { Receipt } from './receipt.js';
import { Steps } from './steps.js';

const route = getRouteApi('/signed-in/orders/$orderId');

export function OrderPage() {
  const { texts } = useWords();
  const { orderId } = route.useParams();
  const query = useQuery(orderQuery(useShop(), orderId));
  if (query.data === undefined && isProblem(query.error, 'not_found', 'validation_failed')) {
    return (
      <Screen title={texts.order.notFound}>
        <Empty title={texts.order.notFoundNext}>
          <ButtonLink to="/orders">{texts.orders.title}</ButtonLink>
        </Empty>
      </Screen>
    );
  }
  return <QueryView query={query}>{({ data }) => <OneOrder order={data} />}</QueryView>;
}

function OneOrder({ order }: { readonly order: Order }) {
  const { texts } = useWords();
  const [asking, { open, close }] = useDisclosure();
  const history = useQuery(historyQuery(useShop(), order.id));
  return (
    <>
      <div className="no-print">
        <AnchorLink to="/orders" size="sm">
          ← {texts.orders.all}
        </AnchorLink>
        <Screen
          title={texts.orders.number(order.number)}
          intro={<StatePill state={order.status} />}
          actions={
            <>
              <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => print()}>
                {texts.order.receipt}
              </Button>
              {order.allowedActions.includes('cancel') && (
                <Button variant="light" color="clay" onClick={open}>
                  {texts.orders.cancel}
                </Button>
              )}
            </>
          }
        >
          <Failure order={order} />
          <div className={classes['columns']}>
            <Stack>
              <Card component="section" aria-labelledby="steps">
                <Title order={2} id="steps" mb="sm">
                  {texts.order.steps}
                </Title>
                <Steps order={order} entries={history.data ?? []} />
              </Card>
              <Card component="section" aria-labelledby="contents">
                <Title order={2} id="contents" mb="sm">
                  {texts.order.contents}
                </Title>
                <Contents order={order} />
              </Card>
            </Stack>
            <Card component="section" aria-labelledby="history">
              <Title order={2} id="history" mb="sm">
                {texts.order.history}
              </Title>
              <QueryView query={history}>{(entries) => <History entries={entries} />}</QueryView>
            </Card>
          </div>
          <CancelDialog order={order} opened={asking} onClose={close} />
        </Screen>
      </div>
      <Receipt order={order} />
    </>
  );
}
