import { Problem } from '@g-store/http';
import type { Code } from '@g-store/http';
import { PointsRefused } from '../domain/points.js';
import type { RefusalCode } from '../domain/points.js';

const codeByRefusal: Readonly<Record<RefusalCode, Code>> = {
  insufficient_points: 'insufficient_points',
  balance_limit: 'balance_limit',
  validation_failed: 'validation_failed',
};

/** What the domain refuses, as an answer; anything else is a fault. */
export const refusal = (error: unknown): Problem | undefined =>
  error instanceof PointsRefused ? new Problem(codeByRefusal[error.code], error.message) : undefined;
