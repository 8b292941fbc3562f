/** What happened, as the shop tells it the moment that it has. */
export type Change = OrderStatusChanged | OrderCancelled | BalanceChanged | PointsChanged;

export interface OrderStatusChanged {
  readonly type: 'order.status.changed';
  readonly data: {
    readonly orderId: string;
    readonly status: 'PENDING' | 'PAID' | 'ASSEMBLING' | 'ASSEMBLED' | 'DELIVERING' | 'ISSUED';
    /** Counts the changes of the order: a smaller one is older news. */
    readonly version: number;
    readonly at: string;
  };
}

export interface OrderCancelled {
  readonly type: 'order.cancelled';
  readonly data: { readonly orderId: string; readonly reason: string; readonly version: number; readonly at: string };
}

export interface BalanceChanged {
  readonly type: 'balance.changed';
  /** In minor units; `change` is negative for a charge. */
  readonly data: AccountChange;
}

export interface PointsChanged {
  readonly type: 'points.changed';
  /** In 1/100 point. */
  readonly data: AccountChange;
}

export interface AccountChange {
  readonly accountId: string;
  readonly balance: number;
  readonly change: number;
  readonly kind: string;
  readonly orderId?: string;
  readonly orderNumber?: string;
  /** Counts the changes of the account: a smaller one is older news. */
  readonly version: number;
  readonly at: string;
}
