import { ShopProblem, type Journey } from '@g-store/client';
import { Group, Stack, Title } from '@mantine/core';
import { IconRouteOff } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useAnnounce } from '../design/announce.js';
import { CopyText } from '../design/copy-text.js';
import { Empty } from '../design/empty.js';
import { ButtonLink } from '../design/links.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { FollowNotice, FollowPill } from './follow-pill.js';
import { JourneyStepRow } from './journey-step.js';
import { JourneySummary } from './journey-summary.js';
import { OperationsScreen } from './operations-screen.js';
import classes from './operations.module.css';
import { journeyQuery, journeyStream, operationsKeys } from './queries.js';
import { useFollow } from './use-follow.js';

const route = getRouteApi('/signed-in/operations/operations/journeys/$orderId');

/** What every service did for one order, as it happens. */
export function JourneyPage() {
  const { texts } = useWords();
  const words = texts.operations;
  const { orderId } = route.useParams();
  const client = useQueryClient();
  const journey = useQuery(journeyQuery(useShop(), orderId));
  const state = useFollow(journey.data === undefined ? undefined : journeyStream(orderId), ({ event, data }) => {
    if (event === 'journey') client.setQueryData(operationsKeys.journey(orderId), JSON.parse(data) as Journey);
  });
  // A mistyped address is no order either.
  const missing = journey.error instanceof ShopProblem && [400, 404].includes(journey.error.status);
  return (
    <OperationsScreen
      title={words.journey.title}
      intro={<CopyText value={orderId} label={words.copy(words.events.order)} />}
      actions={
        <>
          <FollowPill state={state} />
          <ButtonLink to="/staff/orders/$orderId" params={{ orderId }} variant="default">
            {words.journey.order}
          </ButtonLink>
        </>
      }
    >
      <FollowNotice state={state} />
      {missing && journey.data === undefined ? (
        <Empty title={words.journey.none} next={words.journey.noneNext} icon={IconRouteOff}>
          <Group>
            <ButtonLink to="/operations/journeys">{words.journey.find}</ButtonLink>
          </Group>
        </Empty>
      ) : (
        <QueryView query={journey} lines={6}>
          {(known) => <Steps key={known.orderId} journey={known} />}
        </QueryView>
      )}
    </OperationsScreen>
  );
}

function Steps({ journey }: { readonly journey: Journey }) {
  const words = useWords().texts.operations.journey;
  useGrowthAnnounced(journey.steps.length);
  return (
    <Stack gap="lg">
      <JourneySummary journey={journey} />
      <section aria-labelledby="steps">
        <Title order={2} id="steps" mb="sm">
          {words.steps}
        </Title>
        <ol className={classes['steps']}>
          {journey.steps.map((step) => (
            <JourneyStepRow key={step.id} step={step} />
          ))}
        </ol>
      </section>
    </Stack>
  );
}

function useGrowthAnnounced(length: number): void {
  const words = useWords().texts.operations.journey;
  const announce = useAnnounce();
  const before = useRef(length);
  useEffect(() => {
    const grown = length - before.current;
    before.current = length;
    if (grown > 0) announce(words.grew(grown));
  }, [length, words, announce]);
}
