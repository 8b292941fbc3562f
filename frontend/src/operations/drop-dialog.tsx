import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useWords } from '../texts/texts.js';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onConfirm: (reason: string) => void;
}

/** What is given up is given up for a reason, which is kept. */
export function DropDialog({ opened, onClose, onConfirm }: Props) {
  const { texts } = useWords();
  const words = texts.operations.parked;
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState(false);
  const drop = (event: FormEvent) => {
    event.preventDefault();
    const said = reason.trim();
    setWrong(said === '');
    if (said !== '') onConfirm(said);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={words.dropTitle}
      closeButtonProps={{ 'aria-label': texts.live.close }}
    >
      <form onSubmit={drop}>
        <Stack>
          <Text>{words.dropHint}</Text>
          <Textarea
            label={words.dropReason}
            description={words.dropReasonHint}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            error={wrong && words.dropNeeded}
            maxLength={1_000}
            rows={3}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words.keep}
            </Button>
            <Button type="submit" color="clay">
              {words.dropYes}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
