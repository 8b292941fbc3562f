import type { Order } from '@g-store/client';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useWords } from '../texts/texts.js';
import { moneyFateOf, type StoreReason } from './steps.js';

interface Props {
  readonly order: Order;
  /** Opened while there is one. */
  readonly reason: StoreReason | undefined;
  readonly onClose: () => void;
  readonly onConfirm: (reason: StoreReason) => void;
  /** It is gone, and so is the line of the menu that opened it: focus has to go somewhere. */
  readonly onClosed: () => void;
}

/** Says what goes back to the customer before the order is cancelled. */
export function CancelDialog({ order, reason, onClose, onConfirm, onClosed }: Props) {
  const { texts, formats } = useWords();
  const words = texts.staff.order;
  const { number, amount, currency, points } = order;
  const charged = BigInt(amount) - BigInt(points.spent);
  return (
    <Modal
      opened={reason !== undefined}
      onClose={onClose}
      returnFocus={false}
      onExitTransitionEnd={onClosed}
      title={words.cancelTitle(number)}
      closeButtonProps={{ 'aria-label': texts.live.close }}
    >
      <Stack>
        {reason !== undefined && <Text fw={600}>{words.cancel[reason]}</Text>}
        {moneyFateOf(order) === 'held' ? (
          charged > 0n && <Text>{words.cancelMoney(formats.money(charged, currency))}</Text>
        ) : (
          <Text>{words.cancelNothing}</Text>
        )}
        {points.spent > 0 && <Text>{words.cancelPoints(formats.points(points.spent))}</Text>}
        <Text c="dimmed">{words.cancelFinal}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {texts.order.cancelNo}
          </Button>
          <Button color="clay" onClick={() => reason !== undefined && onConfirm(reason)}>
            {texts.order.cancelYes}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
