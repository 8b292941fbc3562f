import type { EventsOf, PointsEvent } from '@g-store/contracts';
import type { PointsChange } from '../domain/points.js';

type Cases = EventsOf<typeof PointsEvent>;
export type ChangingCase = Exclude<keyof Cases & string, 'spendRefused'>;

/** What an event of points does to an account; what was refused changes nothing. */
export const pointsChangeBy: { readonly [C in ChangingCase]: (value: Cases[C]) => PointsChange } = {
  spent: ({ accountId, balance, points, orderId }) => ({ accountId, balance, change: -points, kind: 'SPENT', orderId }),
  returned: ({ accountId, balance, points, orderId }) => ({
    accountId,
    balance,
    change: points,
    kind: 'RETURNED',
    orderId,
  }),
  earned: ({ accountId, balance, points, orderId, orderNumber }) => ({
    accountId,
    balance,
    change: points,
    kind: 'EARNED',
    ...(orderId !== undefined && { orderId }),
    orderNumber,
  }),
  adjusted: ({ accountId, balance, change }) => ({ accountId, balance, change, kind: 'ADJUSTED' }),
  withdrawn: ({ accountId, balance, points, orderNumber }) => ({
    accountId,
    balance,
    change: -points,
    kind: 'WITHDRAWN',
    orderNumber,
  }),
};
