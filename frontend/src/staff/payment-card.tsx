import type { Order } from '@g-store/client';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Money } from '../design/amount.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { FactCard, Facts } from '../design/facts.js';
import { customerWalletQuery } from './queries.js';
import { moneyFateOf } from './steps.js';

/** Where the money of the order is, and what is in its customer's wallet. */
export function PaymentCard({ order }: { readonly order: Order }) {
  const { texts } = useWords();
  const words = texts.staff.order;
  const wallet = useQuery(customerWalletQuery(useShop(), order.userId));
  const fate = moneyFateOf(order);
  const isOver = fate === 'returned' || fate === 'none';
  const charge = <Money minor={BigInt(order.amount) - BigInt(order.points.spent)} currency={order.currency} />;
  return (
    <FactCard id="payment" title={words.payment}>
      <QueryView query={wallet} lines={2}>
        {(account) => (
          <>
            <Facts
              facts={[
                [words.total, <Money minor={order.amount} currency={order.currency} />],
                ...(isOver ? [] : [[words.money[fate], charge] as const]),
                [
                  words.inWallet,
                  account === null ? words.noWallet : <Money minor={account.balance} currency={account.currency} />,
                ],
              ]}
            />
            {isOver && (
              <Text mt="sm" size="sm" c="dimmed">
                {words.money[fate]}.
              </Text>
            )}
          </>
        )}
      </QueryView>
    </FactCard>
  );
}
