export type RefusalCode = 'invalid_order_number' | 'match_known' | 'order_known';

export class AccrualRefused extends Error {
  override readonly name = 'AccrualRefused';
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}
