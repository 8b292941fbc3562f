/** What is known of an order here: who may watch it, and where it has come to. */
export interface OrderState {
  readonly orderId: string;
  readonly owner: string;
  readonly status: string;
  /** Of a cancelled order. */
  readonly reason?: string;
  readonly version: number;
  readonly at: Date;
}

/** What becomes of the state when a change is heard; undefined when it is known already. */
export const heard = (known: OrderState | undefined, change: OrderState): OrderState | undefined =>
  known !== undefined && known.version >= change.version ? undefined : change;
