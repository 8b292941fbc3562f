import { Money, Points } from '../design/amount.js';
import { useWords } from '../texts/texts.js';
import classes from './orders.module.css';
import type { Order } from './queries.js';

/** What was ordered, what it costs, and how it is paid. */
export function Contents({ order: { items, amount, currency, points, description } }: { readonly order: Order }) {
  const { texts } = useWords();
  const toPay = BigInt(amount) - BigInt(points.spent);
  return (
    <table className={classes['sums']}>
      <thead>
        <tr>
          <th scope="col">{texts.order.item}</th>
          <th scope="col">{texts.order.quantity}</th>
          <th scope="col">{texts.order.sum}</th>
        </tr>
      </thead>
      <tbody>
        {items.length === 0 && (
          <tr>
            <td dir="auto">{description ?? texts.orders.plain}</td>
            <td>1</td>
            <td>
              <Money minor={amount} currency={currency} />
            </td>
          </tr>
        )}
        {items.map((item, index) => (
          <tr key={index}>
            <td dir="auto">{item.description}</td>
            <td>{item.quantity}</td>
            <td>
              <Money minor={BigInt(item.price) * BigInt(item.quantity)} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {points.spent > 0 && (
          <tr>
            <th scope="row" colSpan={2}>
              {texts.order.pointsSpent}
            </th>
            <td>
              − <Points minor={points.spent} />
            </td>
          </tr>
        )}
        {points.earned > 0 && (
          <tr>
            <th scope="row" colSpan={2}>
              {texts.order.pointsEarned}
            </th>
            <td>
              + <Points minor={points.earned} />
            </td>
          </tr>
        )}
        <tr>
          <th scope="row" colSpan={2}>
            {points.spent > 0 ? texts.order.paid : texts.order.total}
          </th>
          <td>
            <Money minor={toPay} currency={currency} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
