import type { Order } from '@g-store/client';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Moment } from '../design/moment.js';
import { QueryView } from '../design/query-view.js';
import { StatePill } from '../design/state-pill.js';
import { historyQuery } from '../orders/queries.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { ActorName } from './actor-name.js';
import { FactCard } from '../design/facts.js';
import classes from './staff.module.css';

/** What became of the order and who did it, the newest first. */
export function HistoryCard({ order: { id, userId } }: { readonly order: Order }) {
  const { texts } = useWords();
  const words = texts.staff.order;
  const history = useQuery(historyQuery(useShop(), id));
  return (
    <FactCard id="history" title={words.history}>
      <QueryView query={history} lines={3}>
        {(entries) => (
          <ol className={classes['history']} reversed>
            {entries.toReversed().map(({ status, reason, actor, at, version }) => (
              <li key={version}>
                <StatePill state={status} />
                <Text size="sm" mt={4}>
                  <Moment at={at} /> · <ActorName actor={actor} customerId={userId} />
                </Text>
                {reason !== undefined && (
                  <Text size="sm" c="dimmed">
                    {words.reasons[reason]}
                  </Text>
                )}
              </li>
            ))}
          </ol>
        )}
      </QueryView>
    </FactCard>
  );
}
