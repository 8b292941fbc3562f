import { PointsEvent as PointsMessage, PointsRequest } from '@g-store/contracts';
import type { Rows } from '@g-store/messaging';
import type { OrderPoints } from '../domain/order-points.js';
import type { Entry } from '../domain/points.js';
import type { ChangeRequest } from '../domain/request.js';

/** What an event goes back to, as far as its row does not say it. */
export interface Because {
  /** Of a reward on an order of our own. */
  readonly orderId: string | undefined;
  readonly requestId: string | undefined;
}

/** Tells of a reward, an adjustment or a withdrawal under the account's key; what an order spends is told under the order's. */
export function tellEntry(rows: Rows, { account, event }: Entry, because: Because): void {
  const about = { key: account.id, version: account.told, owner: account.id };
  const left = { accountId: account.id, balance: event.balanceAfter, accountVersion: event.version };
  switch (event.kind) {
    case 'spent':
    case 'returned':
      return;
    case 'earned': {
      const { cause: orderNumber, change: points } = event;
      const { orderId } = because;
      const value = { ...left, orderNumber, points, ...(orderId === undefined ? {} : { orderId }) };
      return rows.tell(PointsMessage, { ...about, case: 'earned', value });
    }
    case 'adjusted': {
      const { change, reason, actor } = event;
      const { requestId } = because;
      const value = { ...left, change, reason, actor, ...(requestId === undefined ? {} : { requestId }) };
      return rows.tell(PointsMessage, { ...about, case: 'adjusted', value });
    }
    case 'withdrawn': {
      const { orderNumber, change } = event;
      return rows.tell(PointsMessage, {
        ...about,
        case: 'withdrawn',
        value: { ...left, orderNumber, points: -change },
      });
    }
  }
}

/** What orders waits for: whether its points were spent, and that they are back; silence where nothing was asked. */
export function tellOrder(rows: Rows, { orderId, owner, version, state, points }: OrderPoints, entry?: Entry): void {
  const about = { key: orderId, version, owner };
  if (state === 'refused')
    return rows.tell(PointsMessage, {
      ...about,
      case: 'spendRefused',
      value: { orderId, points, reason: 'INSUFFICIENT_POINTS' },
    });
  if (entry === undefined || (state !== 'spent' && state !== 'returned')) return;
  const { accountId, balanceAfter: balance, version: accountVersion } = entry.event;
  rows.tell(PointsMessage, { ...about, case: state, value: { orderId, accountId, points, balance, accountVersion } });
}

/** Unversioned: requests of an account are decided in the order in which they were accepted. */
export function tellRequest(rows: Rows, { id, accountId, kind, points, actor }: ChangeRequest): void {
  rows.tell(PointsRequest, {
    key: accountId,
    version: 0,
    owner: accountId,
    case: 'requested',
    value: { requestId: id, kind: kind === 'add' ? 'ADD' : 'DEDUCT', points, actor },
  });
}
