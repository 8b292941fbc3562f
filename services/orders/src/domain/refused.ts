export type RefusalCode =
  | 'validation_failed'
  | 'not_found'
  | 'forbidden'
  | 'order_already_cancelled'
  | 'order_not_cancellable'
  | 'invalid_status'
  | 'invalid_transition'
  | 'points_unavailable'
  | 'price_changed';

/** The shop says no, for a reason that the caller can act on; nothing has changed. */
export class OrderRefused extends Error {
  override readonly name = 'OrderRefused';

  constructor(
    readonly code: RefusalCode,
    message: string,
    /** Where in the request the reason lies, as a JSON Pointer. */
    readonly pointer?: string,
  ) {
    super(message);
  }
}
