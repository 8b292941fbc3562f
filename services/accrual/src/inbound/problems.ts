import { Problem } from '@g-store/http';
import { AccrualRefused } from '../domain/refused.js';
import type { RefusalCode } from '../domain/refused.js';

const statusByRefusal: Readonly<Record<RefusalCode, number>> = {
  invalid_order_number: 400,
  match_known: 409,
  order_known: 409,
};

/** What the domain refuses, as an answer; anything else is a fault. */
export const refusal = (error: unknown): Problem | undefined =>
  error instanceof AccrualRefused
    ? new Problem('validation_failed', error.message, { status: statusByRefusal[error.code] })
    : undefined;
