import type { output } from 'zod';
import type { PlaceOrder } from '../application/orders.js';
import { priced, total, type Line } from '../domain/items.js';
import { checkAmount, checkPoints } from '../domain/order.js';
import { OrderRefused } from '../domain/refused.js';
import type { placeBody } from './schemas.js';

type Body = output<typeof placeBody>;
type Asked = Pick<PlaceOrder, 'wanted' | 'pointsToSpend' | 'description'>;

/**
 * The body of a POST as the command that it stands for.
 * What can be refused without a look at the catalogue is refused here already: it is a bad request, not an answer of the
 * shop that would be kept with an Idempotency-Key.
 */
export function toPlaceOrder(
  { amount, items, pointsToSpend, description }: Body,
  { takesPoints }: { readonly takesPoints: boolean },
): Asked {
  if (amount !== undefined && items !== undefined)
    throw new OrderRefused('validation_failed', 'an order has an amount or items, not both', '/items');
  const lines = (items ?? []).map(toLine);
  const known = lines.flatMap((line, index) => (line.sku === undefined ? [priced(line, undefined, index)] : []));
  const points = BigInt(pointsToSpend);
  if (known.length === lines.length) {
    const sum = amount === undefined ? total(known) : BigInt(amount);
    checkAmount(sum, items === undefined ? '/amount' : '/items');
    checkPoints(points, sum);
  }
  if (points > 0n && !takesPoints)
    throw new OrderRefused('points_unavailable', 'paying with points is not available here', '/pointsToSpend');
  return {
    wanted: amount === undefined ? { lines } : { amount: BigInt(amount) },
    pointsToSpend: points,
    ...(description !== undefined && { description }),
  };
}

const toLine = ({ sku, description, price, quantity }: NonNullable<Body['items']>[number]): Line => ({
  quantity,
  ...(sku !== undefined && { sku }),
  ...(description !== undefined && { description }),
  ...(price !== undefined && { price: BigInt(price) }),
});

export const skusOf = ({ wanted }: Asked): readonly string[] =>
  'lines' in wanted ? wanted.lines.flatMap(({ sku }) => (sku === undefined ? [] : [sku])) : [];
