/** What an accrual system says of an order, or why it says nothing. */
export type Answer =
  | { readonly kind: 'invalid' }
  /** `owner` when the order is one of our own shop's. */
  | { readonly kind: 'processed'; readonly accrual: bigint; readonly owner?: string }
  /** It is at it: ask again. */
  | { readonly kind: 'processing' }
  /** Not known, or not yet. */
  | { readonly kind: 'unknown' }
  /** Asked too often: nothing may be asked for so long. `perMinute` if it says what it allows. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number; readonly perMinute?: number }
  /** Away, broken, or not to be understood: nothing is known about the order. */
  | { readonly kind: 'failed'; readonly why: string };

export interface AccrualSystem extends Disposable {
  /** Always answers; never later than its time limit. */
  ask(number: string): Promise<Answer>;
}
