import { Group, Text } from '@mantine/core';
import { IconCircleX } from '@tabler/icons-react';
import { ButtonLink } from '../design/links.js';
import { Notice } from '../design/notice.js';
import { useWords } from '../texts/texts.js';
import type { Order } from './queries.js';

/** Why an order came to nothing, and what to do now. */
export function Failure({ order: { id, status, cancellationReason: reason } }: { readonly order: Order }) {
  const { texts } = useWords();
  if (status !== 'CANCELLED' || reason === undefined) return null;
  const { title, next } = texts.order.why[reason];
  return (
    <Notice tone={reason === 'CHANGED_MIND' ? 'calm' : 'bad'} icon={IconCircleX}>
      <Text fw={600}>{title}</Text>
      <Text size="sm">{next}</Text>
      <Group mt="sm" gap="sm">
        {reason === 'NO_PAYMENT_ACCOUNT' && <ButtonLink to="/wallet">{texts.catalogue.openWallet}</ButtonLink>}
        {reason === 'INSUFFICIENT_FUNDS' && <ButtonLink to="/wallet">{texts.catalogue.topUp}</ButtonLink>}
        <ButtonLink to="/" search={{ again: id }} variant="default">
          {texts.order.again}
        </ButtonLink>
      </Group>
    </Notice>
  );
}
