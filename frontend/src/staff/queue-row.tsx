import type { Order } from '@g-store/client';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { Money } from '../design/amount.js';
import { Moment } from '../design/moment.js';
import { StatePill } from '../design/state-pill.js';
import { useWords } from '../texts/texts.js';
import classes from './staff.module.css';

interface Props {
  readonly order: Order;
  /** It is no longer in this queue, and keeps its place until somebody looks anew. */
  readonly moved: boolean;
}

/** One order in a queue; drawn again only when it has changed. */
export const QueueRow = memo(function QueueRow({ order, moved }: Props) {
  const { texts } = useWords();
  const { id, number, status, amount, currency, createdAt } = order;
  return (
    <li className={classes['row']} data-moved={moved}>
      <div className={classes['what']}>
        <Link to="/staff/orders/$orderId" params={{ orderId: id }} className={classes['open']} data-row>
          {texts.orders.number(number)}
        </Link>
        <span className={classes['quiet']} dir="auto">
          {contentsOf(order) ?? texts.orders.plain}
        </span>
      </div>
      <span className={classes['quiet']}>
        <Moment at={createdAt} />
      </span>
      <span>
        <StatePill state={status} audience="staff" />
        {moved && <span className={classes['moved']}>{texts.staff.queue.moved}</span>}
      </span>
      <strong className={classes['sum']}>
        <Money minor={amount} currency={currency} />
      </strong>
    </li>
  );
});

const contentsOf = ({ items, description }: Order): string | undefined =>
  items.length === 0
    ? description
    : items.map(({ quantity, description: item }) => (quantity === 1 ? item : `${quantity} × ${item}`)).join(', ');
