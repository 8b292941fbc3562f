import type { ZodType } from 'zod';
import { toJson } from './json.js';
import { problemContentType } from './problem.js';
import { none, type Reply } from './reply.js';
import type { Declaration } from './route.js';

/** @throws Error when a route answers what it has not declared */
export function checkAnswer(
  { method, path, answers, events }: Declaration,
  { status, headers, body, stream }: Reply,
): void {
  if (headers?.['content-type'] === problemContentType || status === 304) return;
  const declared = answers[status];
  const route = `${method.toUpperCase()} ${path}`;
  if (declared === undefined) throw new Error(`${route} answered ${status}, which it does not declare`);
  if (stream !== undefined) {
    if (events === undefined) throw new Error(`${route} answered with a stream, which it does not declare`);
    return;
  }
  if (declared === none) {
    if (body !== undefined) throw new Error(`${route} answered ${status} with a body, declared without`);
    return;
  }
  const result = (declared as ZodType).safeParse(body === undefined ? undefined : JSON.parse(toJson(body)));
  if (!result.success)
    throw new Error(`${route} answered ${status} with another body than declared: ${result.error.message}`);
}
