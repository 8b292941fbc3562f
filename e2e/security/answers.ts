import type { HttpReply } from '@g-store/testing';
import { http } from '../shop';

export const services = ['identity', 'orders', 'payments', 'points', 'notifications', 'accrual', 'journal'] as const;
export type Service = (typeof services)[number];

export interface Operation {
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly requestBody?: unknown;
}

/** `orders post /v1/orders/{id}/cancel`: what its service's own document says of it. */
export type Operations = ReadonlyMap<string, Operation>;

/** Every route of every service, as each tells it through the gateway. */
export async function operationsOfAll(): Promise<Operations> {
  const documents = await Promise.all(
    services.map(async (service) => {
      const { body } = await http.get<{ paths: Record<string, Record<string, Operation>> }>(
        `/api/${service}/swagger/doc.json`,
      );
      return [service, body.paths] as const;
    }),
  );
  return new Map(
    documents.flatMap(([service, paths]) =>
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => [`${service} ${method} ${path}`, operation] as const),
      ),
    ),
  );
}

export type Problem = Readonly<Record<string, unknown>>;

const fields = ['type', 'title', 'status', 'detail', 'instance', 'code', 'error', 'traceId'] as const;
/** What an answer must never tell: stacks, statements, folders, versions. */
const insides = /\bat .+:\d+:\d+|node_modules|\/work\/|\.[jt]s:\d+|\bSELECT\b|\bINSERT\b|postgres|ECONN|zod|nginx\/\d/i;

/** What is wrong with a refusal as contracts have it; empty when it is in order. */
export function faultsOfProblem(path: string, { status, headers, body, text }: HttpReply<unknown>): readonly string[] {
  const type = headers.get('content-type');
  if (type !== 'application/problem+json') return [`${status} comes as ${type}: ${text.slice(0, 200)}`];
  const problem = body as Problem;
  const instance = path.split('?', 1)[0];
  return [
    ...fields.flatMap((field) => (problem[field] === undefined ? [`has no ${field}`] : [])),
    ...(problem['status'] === status ? [] : [`says ${String(problem['status'])} and is ${status}`]),
    ...(problem['type'] === `/problems/${String(problem['code'])}` ? [] : ['its type does not name its code']),
    ...(/^[a-z]+(_[a-z]+)*$/.test(String(problem['code'])) ? [] : ['its code is no code']),
    ...(problem['error'] === problem['detail'] ? [] : ['error and detail differ']),
    ...(problem['instance'] === instance ? [] : [`its instance is ${String(problem['instance'])}`]),
    ...(/^[0-9a-f]{32}$/.test(String(problem['traceId'])) ? [] : ['its traceId is none']),
    ...(insides.test(text) ? [`tells of its insides: ${text}`] : []),
    ...(headers.get('cache-control') === 'no-store' ? [] : ['may be cached']),
    ...(status === 401 && !headers.get('www-authenticate') ? ['401 without WWW-Authenticate'] : []),
  ];
}

/** The same where the older system's queue dialect is spoken: everything, errors too, comes in its envelope. */
export function faultsOfEnvelope({ status, headers, body, text }: HttpReply<unknown>): readonly string[] {
  const envelope = body as Problem;
  const phrase = String(envelope['message']).split(':', 1)[0];
  return [
    ...(headers.get('content-type')?.startsWith('application/json') ? [] : [`comes as ${headers.get('content-type')}`]),
    ...(Object.keys(envelope).join() === 'status,message,data' ? [] : [`has ${Object.keys(envelope).join()}`]),
    ...(envelope['status'] === status ? [] : [`says ${String(envelope['status'])} and is ${status}`]),
    ...(phrase === phrases[status] ? [] : [`says ${String(envelope['message'])}`]),
    ...(insides.test(text) ? [`tells of its insides: ${text}`] : []),
    ...(status === 401 && !headers.get('www-authenticate') ? ['401 without WWW-Authenticate'] : []),
  ];
}

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
};

/** Addresses whose every answer comes in the envelope. */
const inEnvelope = /^\/api\/points(\/|\/ping|\/v1\/point|\/v1\/point\/(add|subtract))(\?|$)/;

export const faultsOfRefusal = (path: string, reply: HttpReply<unknown>): readonly string[] =>
  inEnvelope.test(path) ? faultsOfEnvelope(reply) : faultsOfProblem(path, reply);

/** What is wrong with any answer of this operation; empty when it is one that the document declares. */
export function faultsOf(operation: Operation, path: string, reply: HttpReply<unknown>): readonly string[] {
  const declared = operation.responses[String(reply.status)] !== undefined;
  return [
    ...(declared ? [] : [`${reply.status} is not declared: ${reply.text.slice(0, 300)}`]),
    ...(reply.status >= 500 ? [`a fault: ${reply.text}`] : []),
    ...(reply.status >= 400 ? faultsOfRefusal(path, reply) : []),
  ];
}

const ofOneRequest = ['date', 'x-request-id', 'traceparent'];

/** All of an answer that may tell one thing from another: its bytes without `instance` and `traceId`, and its headers. */
export function comparable({ status, headers, text, body }: HttpReply<unknown>): string {
  const { instance, traceId } = body as Problem;
  const bytes = text
    .replace(`"instance":${JSON.stringify(instance)}`, '')
    .replace(`"traceId":"${String(traceId)}"`, '');
  const lines = [...headers].filter(([name]) => !ofOneRequest.includes(name));
  return JSON.stringify([status, bytes, lines]);
}
