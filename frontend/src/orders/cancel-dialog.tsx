import { Button, Group, List, Modal, Stack } from '@mantine/core';
import { isProblem } from '@g-store/client';
import { useAnnounce } from '../design/announce.js';
import { Notice } from '../design/notice.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../texts/texts.js';
import { useCancelOrder } from './actions.js';
import type { Order } from './queries.js';

interface Props {
  readonly order: Order;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks once, and says what comes back. */
export function CancelDialog({ order, opened, onClose }: Props) {
  const { texts } = useWords();
  const announce = useAnnounce();
  const cancel = useCancelOrder(order, () => {
    announce(texts.order.cancelled);
    onClose();
  });
  const close = () => {
    cancel.reset();
    onClose();
  };
  const late = isProblem(cancel.error, 'order_already_cancelled')
    ? texts.order.cancelTwice
    : isProblem(cancel.error, 'order_not_cancellable')
      ? texts.order.cancelLate
      : undefined;
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={texts.order.cancelTitle}
      closeButtonProps={{ 'aria-label': texts.order.cancelNo }}
    >
      <Stack>
        <WhatComesBack order={order} />
        {late !== undefined && <Notice tone="caution">{late}</Notice>}
        {cancel.isError && late === undefined && <Problem error={cancel.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {texts.order.cancelNo}
          </Button>
          {late === undefined && (
            <Button color="clay" onClick={() => cancel.mutate()} loading={cancel.isPending}>
              {texts.order.cancelYes}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function WhatComesBack({ order: { status, amount, currency, points, number } }: Pick<Props, 'order'>) {
  const { texts, formats } = useWords();
  const paid = BigInt(amount) - BigInt(points.spent);
  return (
    <List spacing="xs">
      <List.Item>{texts.orders.number(number)}</List.Item>
      {status === 'PENDING' && <List.Item>{texts.order.cancelNothing}</List.Item>}
      {status !== 'PENDING' && paid > 0n && (
        <List.Item>{texts.order.cancelMoney(formats.money(paid, currency))}</List.Item>
      )}
      {points.spent > 0 && <List.Item>{texts.order.cancelPoints(formats.points(points.spent))}</List.Item>}
      <List.Item>{texts.order.cancelFinal}</List.Item>
    </List>
  );
}
