import type { IncomingHttpHeaders } from 'node:http';
import { MAX_AMOUNT, parseDecimal } from '@g-store/values';
import { z } from 'zod';
import type { Answer } from '../application/accrual-system.js';

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What an HTTP answer about an order says. Whatever is not exactly as agreed says nothing. */
export function answerIn(number: string, { status, headers, body }: Received): Answer {
  switch (status) {
    case 200:
      return calculation(number, body, headers['g-store-owner']);
    case 204:
      return { kind: 'unknown' };
    case 429: {
      const perMinute = Number(/no more than (\d{1,9}) requests per minute/i.exec(body)?.[1] ?? 0);
      const limited = { kind: 'limited', retryAfterMs: retryAfterMs(headers) } as const;
      return perMinute > 0 ? { ...limited, perMinute } : limited;
    }
    default:
      return { kind: 'failed', why: `status ${status}` };
  }
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Seconds or a date; a minute when it does not say, and never for ever. */
function retryAfterMs({ 'retry-after': given = '', date = '' }: IncomingHttpHeaders): number {
  const ms = /^\s*\d{1,9}\s*$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - Date.parse(date);
  return Number.isNaN(ms) ? MINUTE_MS : Math.min(Math.max(ms, 1_000), DAY_MS);
}

/** A number as it was written: points are never read through a float. */
class Written {
  constructor(readonly literal: string) {}
}

const asWritten = (_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown =>
  typeof value === 'number' && source !== undefined ? new Written(source) : value;

const points = z
  .instanceof(Written)
  .transform(({ literal }) => parseDecimal(literal.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')))
  .pipe(z.bigint().min(0n).max(MAX_AMOUNT));

const Calculation = z.discriminatedUnion('status', [
  z.object({ status: z.enum(['REGISTERED', 'PROCESSING']), order: z.string() }),
  z.object({ status: z.literal('INVALID'), order: z.string() }),
  /** Without `accrual` it has earned nothing. */
  z.object({ status: z.literal('PROCESSED'), order: z.string(), accrual: points.default(0n) }),
]);

function calculation(number: string, body: string, owner: string | string[] | undefined): Answer {
  const { data, success } = Calculation.safeParse(jsonIn(body));
  if (!success) return { kind: 'failed', why: 'not an answer that can be understood' };
  if (data.order !== number) return { kind: 'failed', why: 'an answer about another order' };
  switch (data.status) {
    case 'REGISTERED':
    case 'PROCESSING':
      return { kind: 'processing' };
    case 'INVALID':
      return { kind: 'invalid' };
    case 'PROCESSED':
      return { kind: 'processed', accrual: data.accrual, ...(typeof owner === 'string' && owner ? { owner } : {}) };
  }
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body, asWritten as (key: string, value: unknown) => unknown);
  } catch {
    return undefined;
  }
}
