/** Why a points account has changed. */
export type PointsChangeKind = 'SPENT' | 'RETURNED' | 'EARNED' | 'ADJUSTED' | 'WITHDRAWN';

export interface PointsChange {
  readonly accountId: string;
  /** In 1/100 point, as the change is. */
  readonly balance: bigint;
  readonly change: bigint;
  readonly kind: PointsChangeKind;
  readonly orderId?: string;
  readonly orderNumber?: string;
}
