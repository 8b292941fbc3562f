import { PointsEvent } from '@g-store/contracts';
import { on, type Announced, type Subscription } from '@g-store/messaging';
import { rewardOrder, settlePart } from '../application/orders.js';
import type { Work } from '../application/work.js';

/** What a command about an order looks at, and what a reward does. */
export interface Announces {
  order(id: string): readonly Announced[];
  reward(id: string): readonly Announced[];
}

/**
 * What orders hears from points: the answer to each order that wants to spend some, and what an order has earned. Points
 * that are returned follow a cancellation that orders decided itself; that and everything else about accounts is known
 * here only so that the versions of their keys are kept.
 */
export const pointsEvents = ({ order, reward }: Announces): readonly Subscription<Work>[] => [
  on(
    PointsEvent,
    'spent',
    (work: Work, { orderId, points }) => settlePart(work, 'points', { orderId, amount: points, succeeded: true }),
    { announce: ({ orderId }) => order(orderId) },
  ),
  on(
    PointsEvent,
    'spendRefused',
    (work: Work, { orderId, points, reason }) =>
      settlePart(work, 'points', { orderId, amount: points, succeeded: false, reason }),
    { announce: ({ orderId }) => order(orderId) },
  ),
  on(
    PointsEvent,
    'earned',
    async (work: Work, { orderId, points }) => {
      if (orderId !== undefined) await rewardOrder(work, { orderId, points });
    },
    { announce: ({ orderId }) => (orderId === undefined ? [] : reward(orderId)) },
  ),
];
