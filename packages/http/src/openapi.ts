import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z, type ZodType } from 'zod';
import { takesIdempotencyKey } from './idempotency.js';
import { problemContentType, statusByCode, titleByCode, type Code } from './problem.js';
import { none } from './reply.js';
import type { Declaration, Route } from './route.js';
import { strictly } from './strict.js';

export interface DocumentOptions {
  readonly title: string;
  readonly description?: string;
  readonly version: string;
  readonly routes: readonly Route[];
}

/** The OpenAPI 3.1 document of all routes that are not hidden, from the schemas that check the requests. */
export function openApiDocument({ title, description, version, routes }: DocumentOptions): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  registry.registerComponent('securitySchemes', 'staffKey', { type: 'apiKey', in: 'header', name: 'X-Staff-API-Key' });
  for (const { declaration } of routes) if (!declaration.hidden) registry.registerPath(toPath(declaration));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title, version, ...(description !== undefined && { description }) },
    servers: [{ url: '../', description: 'where this document comes from' }], // relative to the document: the gateway's prefix is in it
  });
}

const problemSchema = z
  .object({
    type: z.string().meta({ format: 'uri-reference', example: '/problems/not_found' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(Object.keys(statusByCode) as [Code, ...Code[]]),
    error: z.string().meta({ description: 'The same text as `detail`.' }),
    traceId: z.string(),
    errors: z
      .array(z.object({ pointer: z.string().meta({ description: 'JSON Pointer' }), detail: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

function toPath(declaration: Declaration): RouteConfig {
  const { method, path, summary, description, tags, caller, machine, params, query } = declaration;
  const headers = headersOf(declaration);
  return {
    method,
    path: path.replace(/:(\w+)/g, '{$1}'),
    operationId: operationIdOf(declaration),
    summary,
    ...(description !== undefined && { description }),
    ...(tags && { tags: [...tags] }),
    security: caller === 'public' ? [] : [{ bearer: [] }, ...(machine ? [{ staffKey: [] }] : [])],
    request: {
      ...(params && { params: strictly(params) }),
      ...(query && { query: strictly(query) }),
      ...(headers && { headers }),
      ...bodyOf(declaration),
    },
    responses: { ...answersOf(declaration), ...problemsOf(declaration) },
  };
}

const operationIdOf = ({ method, path }: Declaration): string =>
  method + path.replace(/[/:._-]+(\w)/g, (_match, letter: string) => letter.toUpperCase()).replace(/\W/g, '');

const idempotencyKey = z
  .string()
  .min(1)
  .max(257)
  .optional()
  .meta({ description: 'The same key and request again gives the same answer again.' });

const headersOf = (declaration: Declaration) =>
  takesIdempotencyKey(declaration) ? z.object({ 'Idempotency-Key': idempotencyKey }) : undefined;

function bodyOf({ body, accepts }: Declaration) {
  if (!body) return {};
  const media = accepts === 'text' ? ['text/plain', 'application/json'] : ['application/json'];
  return {
    body: {
      required: !body.safeParse(undefined).success,
      content: Object.fromEntries(media.map((type) => [type, { schema: body }])),
    },
  };
}

function answersOf({ answers, events }: Declaration): RouteConfig['responses'] {
  const entries = Object.entries(answers).map(([status, schema]) => [
    status,
    schema === none
      ? { description: describe(status) }
      : {
          description: describe(status),
          content: {
            [mediaOf(schema)]: { schema: schema as ZodType },
            ...(events && status === '200' && { 'text/event-stream': { schema: events } }),
          },
        },
  ]);
  return Object.fromEntries(entries) as RouteConfig['responses'];
}

const describe = (status: string): string =>
  ({ 200: 'Done', 201: 'Created', 202: 'Accepted', 204: 'Done' })[Number(status)] ?? 'Answered';

const mediaOf = (schema: unknown): string => (schema instanceof z.ZodString ? 'text/plain' : 'application/json');

function problemsOf(declaration: Declaration): RouteConfig['responses'] {
  const byStatus = new Map<number, Code[]>();
  for (const code of codesOf(declaration))
    byStatus.set(statusByCode[code], [...(byStatus.get(statusByCode[code]) ?? []), code]);
  const entries = [...byStatus]
    .filter(([status]) => declaration.answers[status] === undefined)
    .map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${titleByCode[code]}`).join('\n\n'),
        content: { [problemContentType]: { schema: problemSchema } },
      },
    ]);
  return Object.fromEntries(entries) as RouteConfig['responses'];
}

/** What this route can be refused with: by what it takes, by who may call it, and by its own rules. */
export function codesOf(declaration: Declaration): ReadonlySet<Code> {
  const { caller, body, method, refusals = [] } = declaration;
  const codes: Code[] = ['validation_failed', 'internal_error', 'unavailable', ...refusals];
  if (caller !== 'public') codes.push('unauthenticated', 'forbidden'); // forbidden to a machine without the scope even where anybody may
  if (body || (method !== 'get' && method !== 'delete')) codes.push('payload_too_large', 'unsupported_media_type');
  if (takesIdempotencyKey(declaration)) codes.push('idempotency_key_reused', 'idempotency_key_in_use');
  return new Set(codes);
}
