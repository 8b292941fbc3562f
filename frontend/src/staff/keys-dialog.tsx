import { Kbd, Modal, Stack, Switch } from '@mantine/core';
import { useWords } from '../texts/texts.js';
import classes from './staff.module.css';
import type { QueueKeys } from './use-queue-keys.js';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly keys: QueueKeys;
}

/** What the keyboard can do here, and the switch that turns it off. */
export function KeysDialog({ opened, onClose, keys }: Props) {
  const { texts } = useWords();
  const words = texts.staff.keys;
  const lines: readonly (readonly [key: string, what: string])[] = [
    ['/', words.search],
    ['j', words.next],
    ['k', words.previous],
    ['Enter', words.enter],
    ['?', words.help],
  ];
  return (
    <Modal opened={opened} onClose={onClose} title={words.title} closeButtonProps={{ 'aria-label': texts.live.close }}>
      <Stack>
        <dl className={classes['keys']}>
          {lines.map(([key, what]) => (
            <div key={key}>
              <dt>
                <Kbd>{key}</Kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <Switch
          label={words.on}
          description={words.onHint}
          checked={keys.on}
          onChange={({ currentTarget }) => keys.turn(currentTarget.checked)}
        />
      </Stack>
    </Modal>
  );
}
