import { Card, Group, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Points } from '../design/amount.js';
import { Problem } from '../design/problem.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { dayOf, endOfDay } from './day.js';
import { balanceAtQuery } from './queries.js';

/** How many there are, and how many there were. */
export function BalanceCard({ balance }: { readonly balance: number }) {
  const { texts } = useWords();
  const [day, setDay] = useState('');
  return (
    <Card component="section" aria-labelledby="points-balance">
      <Title order={2} id="points-balance">
        {texts.points.balance}
      </Title>
      <Text ff="heading" fz="2.75rem" lh={1.2} fw={600} mt={4}>
        <Points minor={balance} />
      </Text>
      <Group align="flex-end" gap="md" mt="md">
        <TextInput
          type="date"
          label={texts.points.onDate}
          description={texts.points.onDateHint}
          value={day}
          max={dayOf(new Date())}
          onChange={({ currentTarget }) => setDay(currentTarget.value)}
        />
        <output aria-live="polite">{day !== '' && <BalanceOn key={day} day={day} />}</output>
      </Group>
    </Card>
  );
}

function BalanceOn({ day }: { readonly day: string }) {
  const { texts, formats } = useWords();
  // One instant per choice: today's end moves with the clock.
  const [at] = useState(() => endOfDay(day, new Date()));
  const then = useQuery(balanceAtQuery(useShop(), at));
  if (then.error !== null) return <Problem error={then.error} onRetry={() => void then.refetch()} />;
  if (then.data === undefined) return null;
  return (
    <Text fw={600} pb={8}>
      {texts.points.had(formats.day(at), formats.points(then.data.balance))}
    </Text>
  );
}
