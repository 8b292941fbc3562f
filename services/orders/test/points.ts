import { PointsEvent, topics } from '@g-store/contracts';
import { eventually } from '@g-store/testing';
import type { Shop } from './shop.js';

export interface PaidWithPoints {
  readonly id: string;
  readonly owner: string;
  readonly points: bigint;
}

/** What points tells about an order that wants to spend some. */
export const spend = (shop: Shop, { id, owner, points }: PaidWithPoints) =>
  shop.tell(PointsEvent, {
    key: id,
    owner,
    version: 1,
    case: 'spent',
    value: { orderId: id, accountId: owner, points, balance: 0n, accountVersion: 2 },
  });

export const refuseToSpend = (shop: Shop, { id, owner, points }: PaidWithPoints) =>
  shop.tell(PointsEvent, {
    key: id,
    owner,
    version: 1,
    case: 'spendRefused',
    value: { orderId: id, points, reason: 'INSUFFICIENT_POINTS' },
  });

export const giveBack = (shop: Shop, { id, owner, points }: PaidWithPoints) =>
  shop.tell(PointsEvent, {
    key: id,
    owner,
    version: 2,
    case: 'returned',
    value: { orderId: id, accountId: owner, points, balance: points, accountVersion: 3 },
  });

export interface Earned {
  readonly owner: string;
  readonly points: bigint;
  /** Of the account's events. */
  readonly version: number;
  readonly orderId?: string;
}

export const earn = (shop: Shop, { owner, points, version, orderId }: Earned) =>
  shop.tell(PointsEvent, {
    key: owner,
    owner,
    version,
    case: 'earned',
    value: {
      accountId: owner,
      orderNumber: '18',
      points,
      balance: points,
      accountVersion: version,
      ...(orderId !== undefined && { orderId }),
    },
  });

/** Once points' event of this key and version has been handled. */
export const heardOfPoints = (shop: Shop, key: string, version = 1) =>
  eventually(async () => expect(await shop.heard(key, version, topics.pointsEvents.name)).toBe(true));
