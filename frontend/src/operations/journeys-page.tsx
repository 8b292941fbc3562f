import { Button, Card, Group, Stack, TextInput, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useWords } from '../texts/texts.js';
import { isId } from './addresses.js';
import { OperationsScreen } from './operations-screen.js';
import { StuckList } from './stuck-list.js';

/** The way to the journey of an order, and the orders whose journey somebody should look at. */
export function JourneysPage() {
  const words = useWords().texts.operations;
  return (
    <OperationsScreen title={words.rooms.journeys}>
      <Card component="section" aria-labelledby="find">
        <Title order={2} id="find" mb="sm">
          {words.journey.find}
        </Title>
        <FindOrder />
      </Card>
      <Stack component="section" aria-labelledby="stuck" gap="sm">
        <Title order={2} id="stuck">
          {words.journey.stuckTitle}
        </Title>
        <StuckList />
      </Stack>
    </OperationsScreen>
  );
}

function FindOrder() {
  const words = useWords().texts.operations;
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const open = (event: FormEvent) => {
    event.preventDefault();
    const orderId = typed.trim().toLowerCase();
    setWrong(!isId(orderId));
    if (isId(orderId)) void navigate({ to: '/operations/journeys/$orderId', params: { orderId } });
  };
  return (
    <form onSubmit={open}>
      <Group gap="sm" align="flex-end">
        <TextInput
          label={words.events.order}
          description={words.journey.findHint}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          error={wrong && words.journey.notAnId}
          autoComplete="off"
          spellCheck={false}
          flex="1 1 16rem"
          maw="32rem"
        />
        <Button type="submit">{words.journey.open}</Button>
      </Group>
    </form>
  );
}
