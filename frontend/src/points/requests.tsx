import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { FatePill } from '../design/fate-pill.js';
import { Moment } from '../design/moment.js';
import { MoreButton } from '../design/more-button.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import classes from './points.module.css';
import { requestsQuery, type PointsRequest } from './queries.js';

/** What partners asked for, and what became of it. Most people have none: they need not read that. */
export function Requests() {
  const { texts } = useWords();
  const words = texts.points.requests;
  const requests = useInfiniteQuery(requestsQuery(useShop()));
  const all = requests.data?.pages.flatMap((page) => page.requests);
  if (all?.length === 0 && requests.error === null) return null;
  return (
    <Stack component="section" gap="sm" aria-labelledby="points-requests">
      <div>
        <Title order={2} id="points-requests">
          {words.title}
        </Title>
        <Text c="dimmed" size="sm">
          {words.hint}
        </Text>
      </div>
      <QueryView query={{ ...requests, data: all }}>
        {(lines) => (
          <Card>
            <ul className={classes['lines']}>
              {lines.map((request) => (
                <Line key={request.id} request={request} />
              ))}
            </ul>
            <MoreButton query={requests} label={words.more} mt="md" />
          </Card>
        )}
      </QueryView>
    </Stack>
  );
}

function Line({ request: { kind, amount, status, reason, acceptedAt } }: { readonly request: PointsRequest }) {
  const { texts, formats } = useWords();
  const words = texts.points.requests;
  const points = formats.points(amount);
  return (
    <li>
      <div>
        <Text fw={550}>{kind === 'ADD' ? words.add(points) : words.deduct(points)}</Text>
        <Text size="sm" c="dimmed">
          <Moment at={acceptedAt} />
        </Text>
      </div>
      <Group gap="sm" justify="flex-end">
        {reason !== undefined && (
          <Text size="sm">
            {reason === 'balance_limit' ? words.reasons.balance_limit : words.reasons.insufficient_points}
          </Text>
        )}
        <FatePill fate={status} />
      </Group>
    </li>
  );
}
