import { Problem, replyOf } from '@g-store/http';
import type { Headers, Reply } from '@g-store/http';
import { z } from 'zod';

/** Every answer of the queue dialect, errors too. */
export const envelopeOf = <T extends z.ZodType>(data: T) => z.object({ status: z.int(), message: z.string(), data });

export const enveloped = (status: number, message: string, data: unknown = null, headers?: Headers): Reply => ({
  status,
  ...(headers && { headers }),
  body: { status, message, data },
});

/** `Bad Request:required user id`: what kind of error it is, a colon, and which one. */
export function problemAsEnvelope(problem: Problem): Reply {
  const { 'content-type': _, ...headers } = replyOf(problem).headers ?? {};
  return enveloped(problem.status, `${phrases[problem.status] ?? 'Error'}:${problem.detail}`, null, headers);
}

export const unknownPath = (): Reply => problemAsEnvelope(new Problem('not_found', 'page not found'));

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
