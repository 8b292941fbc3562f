import { announce } from '@g-store/messaging';
import type { Row, Rows, Table } from '@g-store/messaging';
import type { Announcements, Work } from '../application/work.js';
import { tellEntry, tellOrder, tellRequest } from './points-messages.js';
import { fromEventRow, fromOrderRow, fromRequestRow, toEventRow, toOrderRow, toRequestRow } from './rows.js';
import { accounts, events, orders, requests } from './tables.js';

export const announcements: Announcements = {
  account: (id) => announce(accounts, { id }),
  order: (orderId) => announce(orders, { orderId }),
  orderByNumber: (number) => announce(orders, { number }),
  earned: (number) => announce(events, { kind: 'earned', cause: number }),
  request: (id) => announce(requests, { id }),
};

/** The work port over rows: what was found is updated, what was not is inserted. */
export const pointsWorkIn = (rows: Rows): Work => {
  const stored = new Set<string>();
  const find = async <R extends Row>(from: Table<R>, key: Partial<R>): Promise<R | undefined> => {
    const row = await rows.find(from, key);
    if (row !== undefined) stored.add(idOf(from, row));
    return row;
  };
  const put = <R extends Row>(into: Table<R>, row: R): void => {
    if (stored.has(idOf(into, row))) rows.update(into, row);
    else rows.insert(into, row);
    stored.add(idOf(into, row));
  };
  const asDomain = <R, T>(row: R | undefined, from: (row: R) => T): T | undefined => row && from(row);

  return {
    now: rows.now,
    newId: () => rows.newId(),
    account: (id) => find(accounts, { id }),
    order: async (orderId) => asDomain(await find(orders, { orderId }), fromOrderRow),
    orderByNumber: async (number) => asDomain(await find(orders, { number }), fromOrderRow),
    earned: async (number) => asDomain(await find(events, { kind: 'earned', cause: number }), fromEventRow),
    request: async (id) => asDomain(await find(requests, { id }), fromRequestRow),
    record: ({ entry, order, request, earnedOn }) => {
      if (entry) {
        put(accounts, entry.account);
        rows.insert(events, toEventRow(entry.event));
        tellEntry(rows, entry, { orderId: earnedOn, requestId: request?.id });
      }
      if (order) {
        put(orders, toOrderRow(order));
        tellOrder(rows, order, entry);
      }
      if (request) put(requests, toRequestRow(request));
    },
    ask: (request) => tellRequest(rows, request),
  };
};

const idOf = <R extends Row>({ name, keys: [primary] }: Table<R>, row: R): string =>
  [name, ...primary.map((field) => String(row[field]))].join(' ');
