import { Problem, replyOf } from '@g-store/http';
import type { Code, Reply } from '@g-store/http';
import { UploadRefused } from '../domain/upload.js';
import type { UploadRefusal } from '../domain/upload.js';

const answerByRefusal: Readonly<Record<UploadRefusal, readonly [code: Code, status: number]>> = {
  invalid_order_number: ['validation_failed', 422],
  uploaded_by_another: ['forbidden', 409],
};

export function uploadRefusal(error: unknown): Problem | undefined {
  if (!(error instanceof UploadRefused)) return undefined;
  const [code, status] = answerByRefusal[error.code];
  return new Problem(code, error.message, { status });
}

/** Too few points are 402 in this dialect. */
export const withPaymentRequired = (problem: Problem): Reply =>
  replyOf(
    problem.code === 'insufficient_points'
      ? new Problem(problem.code, problem.detail, { ...problem.extra, status: 402 })
      : problem,
  );
