import type { Order } from '@g-store/client';
import { useQuery } from '@tanstack/react-query';
import { Points } from '../design/amount.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { FactCard, Facts } from '../design/facts.js';
import { customerPointsQuery } from './queries.js';

export function PointsCard({ order: { userId, points } }: { readonly order: Order }) {
  const { texts } = useWords();
  const words = texts.staff.order;
  const account = useQuery(customerPointsQuery(useShop(), userId));
  return (
    <FactCard id="points" title={words.points}>
      <QueryView query={account} lines={2}>
        {({ balance }) => (
          <Facts
            facts={[
              [words.spent, <Points minor={points.spent} />],
              [words.earned, <Points minor={points.earned} />],
              [words.pointsNow, <Points minor={balance} />],
            ]}
          />
        )}
      </QueryView>
    </FactCard>
  );
}
