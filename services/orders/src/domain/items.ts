import { OrderRefused } from './refused.js';

/** One line of an order as it was sold; the price is of one piece, in minor units. */
export interface Item {
  readonly sku?: string;
  readonly description: string;
  readonly price: bigint;
  readonly quantity: number;
}

/** A line as it is asked for: goods of the catalogue by sku, or anything else by description and price. */
export interface Line {
  readonly sku?: string;
  readonly description?: string;
  readonly price?: bigint;
  readonly quantity: number;
}

export interface CatalogueItem {
  readonly sku: string;
  readonly description: string;
  readonly price: bigint;
}

/**
 * Prices a line: the catalogue's word counts for what it holds, the caller's for anything else.
 * @throws OrderRefused `price_changed` when the caller was shown another price.
 */
export function priced(line: Line, goods: CatalogueItem | undefined, index: number): Item {
  const at = `/items/${index}`;
  if (line.sku === undefined) {
    const { description, price, quantity } = line;
    if (description === undefined || price === undefined)
      throw new OrderRefused('validation_failed', 'an item without a sku needs a description and a price', at);
    return { description, price, quantity };
  }
  if (goods === undefined) throw new OrderRefused('validation_failed', 'no such sku in the catalogue', `${at}/sku`);
  if (line.price !== undefined && line.price !== goods.price)
    throw new OrderRefused('price_changed', `the price of ${goods.sku} is now ${goods.price}`, `${at}/price`);
  return { ...goods, quantity: line.quantity };
}

export const total = (items: readonly Item[]): bigint =>
  items.reduce((sum, { price, quantity }) => sum + price * BigInt(quantity), 0n);
