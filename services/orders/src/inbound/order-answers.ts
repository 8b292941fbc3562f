import { decodeCursor, encodeCursor, isStaff, nextLink, ok, type Caller, type Reply } from '@g-store/http';
import { orderNotFound } from '../application/orders.js';
import type { HistoryEntry, OrderList, OrderReader, OrderView, Range } from '../application/reader.js';
import { allowedActions, maySee, type Viewer } from '../domain/order.js';
import { cursorSchema } from './schemas.js';

/** Who the caller is to an order. */
export const viewerOf = (caller: Caller): Viewer => ({
  staff: isStaff(caller),
  ...(caller.kind === 'user' && { userId: caller.userId }),
});

/** @throws OrderRefused `not_found`, for an order of somebody else as for none */
export async function visibleOrder(reader: OrderReader, id: string, caller: Caller): Promise<OrderView> {
  const order = await reader.order(id);
  if (order === undefined || !maySee(order, viewerOf(caller))) throw orderNotFound();
  return order;
}

/** An order as this viewer reads it; no amount is too large for a JSON number. */
export const toOrderAnswer = (order: OrderView, viewer: Viewer) => ({
  id: order.id,
  number: order.number,
  userId: order.userId,
  amount: Number(order.amount),
  currency: order.currency,
  status: order.status,
  ...(order.cancellationReason !== undefined && { cancellationReason: order.cancellationReason }),
  ...(order.description !== undefined && { description: order.description }),
  items: order.items.map((item) => ({ ...item, price: Number(item.price) })),
  points: { spent: Number(order.points.spent), earned: Number(order.points.earned) },
  version: order.version,
  createdAt: order.createdAt.toISOString(),
  updatedAt: order.updatedAt.toISOString(),
  allowedActions: allowedActions(order, viewer),
});

export const toHistoryAnswer = (entries: readonly HistoryEntry[]) => ({
  entries: entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
});

export interface PageQuery {
  readonly cursor?: string | undefined;
  readonly page?: number;
  readonly limit: number;
}

/** Which part of a list is asked for; a cursor wins over a page. */
export function rangeOf({ cursor, page = 1, limit }: PageQuery): { readonly range: Range; readonly page: number } {
  const place = decodeCursor(cursorSchema, cursor);
  if (place !== undefined) return { range: { limit, after: place.after }, page: place.page };
  return { range: { limit, skip: (page - 1) * limit }, page };
}

export function listReply(list: OrderList, page: number, limit: number, viewer: Viewer, url: string): Reply {
  const nextCursor = nextCursorOf(list, page);
  const orders = list.orders.map((order) => toOrderAnswer(order, viewer));
  return ok({ orders, total: list.total, page, limit, nextCursor }, nextLink(url, nextCursor));
}

/** Where the page after this one begins; null at the end. */
export function nextCursorOf({ orders, more }: OrderList, page: number): string | null {
  const last = orders.at(-1);
  return more && last ? encodeCursor([last.createdAt.toISOString(), last.id, page + 1]) : null;
}
