import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useAnnounce } from '../design/announce.js';
import { BusyButton } from '../design/busy-button.js';
import { Problem } from '../design/problem.js';
import { useToast } from '../live/toasts.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { useReleaseAll } from './actions.js';
import type { ParkedWanted } from './parked-page.js';
import { statusQuery } from './queries.js';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly wanted: ParkedWanted;
}

const MOST = 10_000;

/** How many wait, and how fast they are to run, before all of them do. */
export function ReleaseAllDialog({ opened, onClose, wanted: { service, topic, key } }: Props) {
  const { texts } = useWords();
  const words = texts.operations.parked;
  const status = useQuery(statusQuery(useShop(), service));
  const release = useReleaseAll(service);
  const toast = useToast();
  const announce = useAnnounce();
  const [rate, setRate] = useState('10');
  const [wrong, setWrong] = useState(false);
  const go = (event: FormEvent) => {
    event.preventDefault();
    const keys = Number(rate);
    const right = Number.isInteger(keys) && keys >= 1 && keys <= MOST;
    setWrong(!right);
    if (!right || release.isPending) return;
    release.mutate(
      { rate: keys, ...(topic && { topic }), ...(key && { key }) },
      {
        onSuccess: (answer) => {
          onClose();
          const message = words.releasing(answer.keys);
          toast({ id: `release ${service}`, message });
          announce(message);
        },
      },
    );
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={words.releaseAllTitle}
      closeButtonProps={{ 'aria-label': texts.live.close }}
    >
      <form onSubmit={go} noValidate>
        <Stack>
          {release.isError && <Problem error={release.error} />}
          <Text fw={600}>
            {service}:{' '}
            {status.data === undefined ? texts.operations.unknown : words.releaseAllCount(status.data.parked)}
          </Text>
          {topic !== '' && <Text>{words.releaseAllOf(topic)}</Text>}
          <Text c="dimmed">{words.releaseAllHint}</Text>
          <TextInput
            label={words.rate}
            description={words.rateRule}
            value={rate}
            onChange={({ currentTarget }) => setRate(currentTarget.value)}
            error={wrong && words.rateRule}
            inputMode="numeric"
            autoComplete="off"
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words.keep}
            </Button>
            <BusyButton type="submit" busy={release.isPending}>
              {words.releaseAllYes}
            </BusyButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
