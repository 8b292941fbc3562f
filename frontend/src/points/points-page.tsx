import { SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useConfig } from '../app/config.js';
import { QueryView } from '../design/query-view.js';
import { Screen } from '../design/screen.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { BalanceCard } from './balance-card.js';
import { pointsQuery } from './queries.js';
import { Requests } from './requests.js';
import { Statement } from './statement.js';
import { UploadCard } from './upload-card.js';
import { WithdrawCard } from './withdraw-card.js';

export function PointsPage() {
  const { texts, formats } = useWords();
  const { currency } = useConfig();
  const points = useQuery(pointsQuery(useShop()));
  return (
    <Screen title={texts.points.title} intro={texts.points.intro(formats.money(100, currency))}>
      <QueryView query={points}>
        {(answer) => {
          const balance = answer?.data.balance ?? 0;
          return (
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
              <Stack gap="lg">
                <BalanceCard balance={balance} />
                <WithdrawCard balance={balance} />
              </Stack>
              <UploadCard />
              <Stack gap="lg" style={{ gridColumn: '1 / -1' }}>
                <Statement />
                <Requests />
              </Stack>
            </SimpleGrid>
          );
        }}
      </QueryView>
    </Screen>
  );
}
