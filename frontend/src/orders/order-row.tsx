import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { memo } from 'react';
import { Money } from '../design/amount.js';
import { AnchorLink } from '../design/links.js';
import { Moment } from '../design/moment.js';
import { StatePill } from '../design/state-pill.js';
import { useWords } from '../texts/texts.js';
import { CancelDialog } from './cancel-dialog.js';
import classes from './orders.module.css';
import type { Order } from './queries.js';

/** One order in a list; drawn again only when it has changed. */
export const OrderRow = memo(function OrderRow({ order }: { readonly order: Order }) {
  const { texts } = useWords();
  const [asking, { open, close }] = useDisclosure();
  const { id, number, amount, currency, status, items, description, createdAt } = order;
  const count = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return (
    <li className={classes['row']}>
      <div className={classes['what']}>
        <AnchorLink to="/orders/$orderId" params={{ orderId: id }} fw={600}>
          {texts.orders.number(number)}
        </AnchorLink>
        <span className={classes['quiet']}>
          <Moment at={createdAt} /> · {count > 0 ? texts.orders.items(count) : (description ?? texts.orders.plain)}
        </span>
      </div>
      <StatePill state={status} />
      <strong className={classes['amount']}>
        <Money minor={amount} currency={currency} />
      </strong>
      <div className={classes['action']}>
        {order.allowedActions.includes('cancel') && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="clay"
            onClick={open}
            aria-label={texts.orders.cancelOrder(number)}
          >
            {texts.orders.cancel}
          </Button>
        )}
      </div>
      <CancelDialog order={order} opened={asking} onClose={close} />
    </li>
  );
});
