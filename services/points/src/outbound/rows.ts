import type { OrderPoints } from '../domain/order-points.js';
import type { Happened, PointsEvent } from '../domain/points.js';
import type { ChangeRequest } from '../domain/request.js';
import type { EventRow, OrderPointsRow, RequestRow } from './tables.js';

export const toEventRow = (event: PointsEvent): EventRow => ({
  accountId: event.accountId,
  version: event.version,
  kind: event.kind,
  change: event.change,
  balanceAfter: event.balanceAfter,
  cause: event.cause,
  orderNumber: event.kind === 'withdrawn' ? event.orderNumber : null,
  reason: event.kind === 'adjusted' ? event.reason : null,
  actor: event.kind === 'adjusted' ? event.actor : null,
  at: event.at,
});

export const fromEventRow = ({ kind, cause, orderNumber, reason, actor, ...event }: EventRow): PointsEvent => ({
  ...event,
  ...happened(kind, cause, { orderNumber, reason, actor }),
});

function happened(
  kind: EventRow['kind'],
  cause: string,
  { orderNumber, reason, actor }: Pick<EventRow, 'orderNumber' | 'reason' | 'actor'>,
): Happened {
  switch (kind) {
    case 'earned':
    case 'spent':
    case 'returned':
      return { kind, cause };
    case 'adjusted':
      return { kind, cause, reason: reason ?? '', actor: actor ?? '' };
    case 'withdrawn':
      return { kind, cause, orderNumber: orderNumber ?? '' };
  }
}

export const toOrderRow = (order: OrderPoints): OrderPointsRow => ({ ...order, number: order.number ?? null });

export const fromOrderRow = ({ number, ...order }: OrderPointsRow): OrderPoints =>
  number === null ? order : { ...order, number };

export const toRequestRow = (request: ChangeRequest): RequestRow => ({
  ...request,
  reason: request.reason ?? null,
  total: request.total ?? null,
  decidedAt: request.decidedAt ?? null,
});

export const fromRequestRow = ({ reason, total, decidedAt, ...request }: RequestRow): ChangeRequest => ({
  ...request,
  ...(reason === null ? {} : { reason }),
  ...(total === null ? {} : { total }),
  ...(decidedAt === null ? {} : { decidedAt }),
});
