import { Problem } from '@g-store/http';
import type { Code } from '@g-store/http';
import { LedgerRefused } from '../domain/ledger.js';
import type { RefusalCode } from '../domain/ledger.js';

const codeByRefusal: Readonly<Record<RefusalCode, Code>> = {
  account_exists: 'account_exists',
  balance_limit: 'balance_limit',
  not_found: 'not_found',
  validation_failed: 'validation_failed',
};

/** What the domain refuses, as an answer; anything else is a fault. */
export const refusal = (error: unknown): Problem | undefined =>
  error instanceof LedgerRefused ? new Problem(codeByRefusal[error.code], error.message) : undefined;
