import { Problem, type Code } from '@g-store/http';
import { OrderRefused, type RefusalCode } from '../domain/refused.js';

/** A refusal as the problem that the caller reads; undefined for a fault. */
export function orderProblem(error: unknown): Problem | undefined {
  if (!(error instanceof OrderRefused)) return undefined;
  const { code, message, pointer } = error;
  return new Problem(codes[code], message, pointer === undefined ? {} : { errors: [{ pointer, detail: message }] });
}

/** A new refusal does not compile until it has a code, and with it a status. */
const codes: Readonly<Record<RefusalCode, Code>> = {
  validation_failed: 'validation_failed',
  not_found: 'not_found',
  forbidden: 'forbidden',
  order_already_cancelled: 'order_already_cancelled',
  order_not_cancellable: 'order_not_cancellable',
  invalid_status: 'invalid_status',
  invalid_transition: 'invalid_transition',
  points_unavailable: 'points_unavailable',
  price_changed: 'price_changed',
};
