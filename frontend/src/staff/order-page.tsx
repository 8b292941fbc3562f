import { isProblem, type Answer, type Order } from '@g-store/client';
import { Card, Grid, Group, SimpleGrid, Stack, Title } from '@mantine/core';
import { IconArrowLeft, IconPackageOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useAnnounce } from '../design/announce.js';
import { Empty } from '../design/empty.js';
import { ButtonLink } from '../design/links.js';
import { Moment } from '../design/moment.js';
import { QueryView } from '../design/query-view.js';
import { Screen } from '../design/screen.js';
import { StatePill } from '../design/state-pill.js';
import { useWatch } from '../live/live.js';
import { Contents } from '../orders/contents.js';
import { orderQuery } from '../orders/queries.js';
import { isOperator, useShop, useUser } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { CustomerCard } from './customer-card.js';
import { HistoryCard } from './history-card.js';
import { NextStep } from './next-step.js';
import { PaymentCard } from './payment-card.js';
import { PointsCard } from './points-card.js';

const route = getRouteApi('/signed-in/staff/staff/orders/$orderId');

/** An order as the staff see it: what to do next, and whatever is needed to answer its customer. */
export function StaffOrderPage() {
  const { texts } = useWords();
  const { orderId } = route.useParams();
  const order = useQuery(orderQuery(useShop(), orderId));
  useWatch({ orderId });
  const number = order.data?.data.number;
  // A mistyped address is no order either.
  const missing = isProblem(order.error, 'not_found', 'validation_failed');
  return (
    <Screen
      title={number === undefined ? texts.staff.queue.order : texts.orders.number(number)}
      actions={
        <ButtonLink to="/staff/orders" variant="default" leftSection={<IconArrowLeft size={18} aria-hidden />}>
          {texts.staff.order.back}
        </ButtonLink>
      }
    >
      {missing ? (
        <Empty title={texts.order.notFound} icon={IconPackageOff} />
      ) : (
        <QueryView query={order} lines={6}>
          {(answer) => <Sheet key={answer.data.id} answer={answer} />}
        </QueryView>
      )}
    </Screen>
  );
}

function Sheet({ answer }: { readonly answer: Answer<Order> }) {
  const { texts } = useWords();
  const order = answer.data;
  const user = useUser();
  useChangesAnnounced(order.status);
  return (
    <Stack gap="lg">
      <Group gap="md">
        <StatePill state={order.status} audience="staff" />
        <span>
          {texts.staff.queue.placed}: <Moment at={order.createdAt} />
        </span>
      </Group>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <NextStep answer={answer} />
            <Card component="section" aria-labelledby="contents">
              <Title order={2} id="contents" mb="sm">
                {texts.staff.order.contents}
              </Title>
              <Contents order={order} />
            </Card>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
              <PaymentCard order={order} />
              <PointsCard order={order} />
            </SimpleGrid>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <CustomerCard userId={order.userId} />
            <HistoryCard order={order} />
            {user !== undefined && isOperator(user) && (
              <ButtonLink to="/operations/journeys/$orderId" params={{ orderId: order.id }} variant="default">
                {texts.operations.journey.title}
              </ButtonLink>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function useChangesAnnounced(status: Order['status']): void {
  const { texts } = useWords();
  const announce = useAnnounce();
  const before = useRef(status);
  useEffect(() => {
    if (before.current === status) return;
    before.current = status;
    announce(texts.staff.order.movedTo(texts.states.staff[status]));
  }, [status, announce, texts]);
}
