import type { Answer, Order } from '@g-store/client';
import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { BusyButton } from '../design/busy-button.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../texts/texts.js';
import { isConflict, useStaffAction } from './actions.js';
import { CancelDialog } from './cancel-dialog.js';
import { Conflict } from './conflict.js';
import { MoreMenu } from './more-menu.js';
import { offerOf, type StoreReason } from './steps.js';

/** The one thing to do next; everything else is under More. */
export function NextStep({ answer }: { readonly answer: Answer<Order> }) {
  const { texts } = useWords();
  const words = texts.staff.order;
  const order = answer.data;
  const act = useStaffAction(answer);
  const [cancelling, setCancelling] = useState<StoreReason>();
  const offer = offerOf(order);
  const { next } = offer;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The button went with the last step; who pressed it stays here.
    if (next === undefined && document.activeElement === document.body) heading.current?.focus();
  }, [next]);
  return (
    <Card component="section" aria-labelledby="next-step">
      <Stack gap="md">
        <Title order={2} id="next-step" ref={heading} tabIndex={-1}>
          {words.next}
        </Title>
        {act.isError &&
          (isConflict(act.error) ? (
            <Conflict order={order} onDismiss={act.reset} />
          ) : (
            <Problem error={act.error} onRetry={() => act.mutate(act.variables)} retrying={act.isPending} />
          ))}
        {next === undefined && <Text>{saidOf(order.status, words)}</Text>}
        <Group gap="sm">
          {next !== undefined && (
            <BusyButton
              size="lg"
              busy={act.isPending}
              // Neither a double click nor a key that is held down does what the button says after its first press.
              onKeyDown={(event) => event.repeat && event.preventDefault()}
              onClick={({ detail }) => detail < 2 && act.mutate({ kind: 'step', step: next })}
            >
              {words.steps[next]}
            </BusyButton>
          )}
          <MoreMenu offer={offer} onCancel={setCancelling} />
        </Group>
      </Stack>
      <CancelDialog
        order={order}
        reason={cancelling}
        onClose={() => setCancelling(undefined)}
        onClosed={() => heading.current?.focus()}
        onConfirm={(reason) => {
          setCancelling(undefined);
          if (!act.isPending) act.mutate({ kind: 'cancel', reason });
        }}
      />
    </Card>
  );
}

const saidOf = (
  status: Order['status'],
  {
    waits,
    nothingLeft,
  }: { readonly waits: string; readonly nothingLeft: Readonly<Record<'ISSUED' | 'CANCELLED', string>> },
): string => (status === 'ISSUED' || status === 'CANCELLED' ? nothingLeft[status] : waits);
