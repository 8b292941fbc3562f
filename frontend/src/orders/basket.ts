import type { CatalogueItem, NewOrder, Order } from '@g-store/client';
import { formatDecimal } from '@g-store/values';
import { readAmount } from '../texts/amounts.js';

/** What somebody is about to order; a plain amount stays as it was typed. */
export interface Basket {
  readonly quantityBySku: Readonly<Record<string, number>>;
  readonly amount: string;
  readonly description: string;
}

export const emptyBasket: Basket = { quantityBySku: {}, amount: '', description: '' };

export const MOST_OF_ONE = 1_000;
export const MOST_LINES = 100;

export function withQuantity(basket: Basket, sku: string, quantity: number): Basket {
  const { [sku]: _, ...others } = basket.quantityBySku;
  const kept = Math.min(MOST_OF_ONE, Math.max(0, Math.trunc(quantity) || 0));
  if (kept > 0 && !(sku in basket.quantityBySku) && Object.keys(others).length >= MOST_LINES) return basket;
  return { ...basket, quantityBySku: kept === 0 ? others : { ...others, [sku]: kept } };
}

export interface Line extends CatalogueItem {
  readonly quantity: number;
}

/** In the order of the shelves; what is no longer there is left out. */
export const linesOf = ({ quantityBySku }: Basket, catalogue: readonly CatalogueItem[]): readonly Line[] =>
  catalogue.flatMap((item) => {
    const quantity = quantityBySku[item.sku];
    return quantity === undefined ? [] : [{ ...item, quantity }];
  });

export const sumOf = (lines: readonly { readonly price: number; readonly quantity: number }[]): bigint =>
  lines.reduce((sum, { price, quantity }) => sum + BigInt(price) * BigInt(quantity), 0n);

/** Points pay at most the whole of it. */
export const mostPoints = (balance: number, total: bigint): bigint =>
  BigInt(balance) < total ? BigInt(balance) : total;

/** Of items, with the prices that the customer has seen. */
export const orderOfItems = (lines: readonly Line[], points: bigint): NewOrder => ({
  items: lines.map(({ sku, price, quantity }) => ({ sku, price, quantity })),
  pointsToSpend: Number(points),
});

export const orderOfAmount = (amount: bigint, description: string, points: bigint): NewOrder => ({
  amount: Number(amount),
  ...(description.trim() !== '' && { description: description.trim() }),
  pointsToSpend: Number(points),
});

/** To order the same again: goods as goods, anything else as an amount. */
export function basketLike({ items, amount, description = '' }: Order): Basket {
  const goods = items.flatMap(({ sku, quantity }) => (sku === undefined ? [] : [[sku, quantity] as const]));
  if (goods.length > 0) return { ...emptyBasket, quantityBySku: Object.fromEntries(goods) };
  return {
    ...emptyBasket,
    amount: formatDecimal(BigInt(amount)),
    description,
  };
}

export const plainAmount = ({ amount }: Basket): bigint => {
  const read = readAmount(amount);
  return typeof read === 'bigint' ? read : 0n;
};
