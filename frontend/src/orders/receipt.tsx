import { useWords } from '../texts/texts.js';
import { Moment } from '../design/moment.js';
import { Contents } from './contents.js';
import classes from './orders.module.css';
import type { Order } from './queries.js';

/** What comes out of the printer instead of the screen. */
export function Receipt({ order }: { readonly order: Order }) {
  const { texts } = useWords();
  return (
    <div className={classes['receipt']}>
      <p>{texts.shop.name}</p>
      <h2>{texts.order.receiptFor(order.number)}</h2>
      <p>
        {texts.order.date}: <Moment at={order.createdAt} /> · {texts.states.customer[order.status]}
      </p>
      <Contents order={order} />
    </div>
  );
}
