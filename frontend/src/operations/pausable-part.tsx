import type { ServiceName } from '@g-store/client';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useAnnounce } from '../design/announce.js';
import { BusyButton } from '../design/busy-button.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../texts/texts.js';
import { usePausing, type Part } from './actions.js';
import { Pill } from './pill.js';

interface Props {
  readonly service: ServiceName;
  readonly part: Part;
  readonly paused: boolean;
}

/** A part of a service that can be held back; asked first, since others wait for what it does. */
export function PausablePart({ service, part, paused }: Props) {
  const { texts } = useWords();
  const words = texts.operations.health;
  const announce = useAnnounce();
  const pausing = usePausing(service, part);
  const [asking, ask] = useDisclosure();
  const name = words[part];
  const pause = () => {
    ask.close();
    pausing.mutate('pause', { onSuccess: () => announce(words.isPaused(name, service)) });
  };
  const resume = () => pausing.mutate('resume', { onSuccess: () => announce(words.isRunning(name, service)) });
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            {name}
          </Text>
          <Pill tone={paused ? 'paused' : 'good'}>{paused ? words.paused : words.running}</Pill>
        </Group>
        <BusyButton
          size="compact-sm"
          variant="default"
          busy={pausing.isPending}
          aria-label={(paused ? words.resumeOf : words.pauseOf)(name, service)}
          onClick={paused ? resume : ask.open}
        >
          {paused ? words.resume : words.pause}
        </BusyButton>
      </Group>
      {pausing.isError && (
        <Problem
          error={pausing.error}
          onRetry={() => pausing.variables !== undefined && pausing.mutate(pausing.variables)}
          retrying={pausing.isPending}
        />
      )}
      <Modal
        opened={asking}
        onClose={ask.close}
        title={words.pauseTitle(name, service)}
        closeButtonProps={{ 'aria-label': texts.live.close }}
      >
        <Stack>
          <Text>{part === 'relay' ? words.pauseRelay : words.pauseConsumers}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={ask.close} data-autofocus>
              {words.keepRunning}
            </Button>
            <Button onClick={pause}>{words.pause}</Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}
