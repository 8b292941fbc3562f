import { Validator } from '@seriousme/openapi-schema-validator';
import { ToolRefused } from '../verify/where.mts';

/** What is read of an OpenAPI document. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

export interface Operation {
  readonly summary: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: unknown }>> }>
  >;
}

/** By `get /v1/orders/{id}`. */
export const operationsOf = ({ paths }: OpenApi): ReadonlyMap<string, Operation> =>
  new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
    ),
  );

/** @throws ToolRefused when it is not there, or no valid OpenAPI 3.1 */
export async function fetchDocument(gateway: string, service: string): Promise<OpenApi> {
  const url = `${gateway}/api/${service}/swagger/doc.json`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch((error: Error) => {
    throw new ToolRefused(`${url} does not answer: ${error.message}`);
  });
  if (!answer.ok) throw new ToolRefused(`${url} answers ${answer.status}`);
  const document = (await answer.json()) as OpenApi;
  const { valid, errors } = await new Validator().validate(
    structuredClone(document) as unknown as Record<string, unknown>,
  );
  if (!valid || !document.openapi.startsWith('3.1.'))
    throw new ToolRefused(`${url} is no valid OpenAPI 3.1: ${JSON.stringify(errors ?? document.openapi, null, 2)}`);
  return document;
}

export interface Answer {
  readonly type: string;
  /** Complete in itself. */
  readonly schema: unknown;
}

/** What a JSON answer of this status must look like; undefined when it has no such body. */
export function answerOf(document: OpenApi, { responses }: Operation, status: number): Answer | undefined {
  const content = Object.entries(responses[String(status)]?.content ?? {}).find(([type]) => type.includes('json'));
  return content && { type: content[0], schema: inline(content[1].schema, document) };
}

const silent = new Set(['description', 'example', 'examples', 'title']);

function inline(schema: unknown, document: OpenApi): unknown {
  if (Array.isArray(schema)) return schema.map((each) => inline(each, document));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref } = schema as { $ref?: string };
  if ($ref !== undefined) return inline(document.components?.schemas?.[$ref.split('/').at(-1) ?? ''], document);
  const entries = Object.entries(schema).map(([key, value]) => {
    // A property may be called `description`; a keyword of that name only tells people.
    if (key === 'properties' || key === 'patternProperties')
      return [
        key,
        Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, inline(each, document)])),
      ];
    return [key, inline(value, document)];
  });
  return Object.fromEntries(entries.filter(([key]) => !silent.has(String(key))));
}
