import createClient from 'openapi-fetch';
import type { Answer, CallOptions, Method, ServiceClient } from './calls.js';
import { createIntent } from './intent.js';
import { isProblem } from './problem.js';
import type { Send } from './send.js';

export interface ServiceOptions {
  readonly baseUrl: string;
  /** The operations that take an Idempotency-Key: `post /v1/orders`. */
  readonly keyed: readonly string[];
  readonly send: Send;
}

/** The options of any call, as they are once their types have been checked where the call was written. */
interface AnyOptions extends CallOptions<unknown> {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

interface AnyFetch {
  request(
    method: Method,
    path: string,
    init: object,
  ): Promise<{ readonly data?: unknown; readonly response: Response }>;
}

export function createServiceClient<Paths>({ baseUrl, keyed, send }: ServiceOptions): ServiceClient<Paths> {
  const http = createClient({ baseUrl }) as unknown as AnyFetch;

  const call = async (method: Method, path: string, options: AnyOptions = {}): Promise<Answer<unknown>> => {
    const takesKey = keyed.includes(`${method} ${path}`);
    const { response, data } = await http.request(method, path, {
      params: { path: options.path, query: options.query },
      body: options.body,
      headers: conditionsOf(options),
      parseAs: 'text',
      fetch: (request: Request) => sendOnce(request, takesKey, options),
    });
    if (response.status === 304 && options.previous !== undefined) return options.previous;
    return answerOf(response, data);
  };

  const sendOnce = async (request: Request, takesKey: boolean, options: AnyOptions): Promise<Response> => {
    const { signal } = options;
    if (!takesKey) return send(request, { repeatable: isSafeToRepeat(request.method), signal });
    const intent = options.intent ?? createIntent();
    const asked = `${request.method} ${request.url}\n${await request.clone().text()}`;
    request.headers.set('idempotency-key', intent.keyFor(asked));
    try {
      const response = await send(request, { repeatable: true, signal });
      intent.answered(asked);
      return response;
    } catch (error) {
      if (isFinal(error)) intent.answered(asked);
      throw error;
    }
  };

  const pages = async function* (
    path: string,
    { query, ...options }: AnyOptions = {},
  ): AsyncGenerator<Answer<unknown>> {
    let cursor: unknown = query?.['cursor'];
    do {
      const page = await call('get', path, { ...options, query: { ...query, cursor } });
      yield page;
      cursor = (page.data as { readonly nextCursor: string | null }).nextCursor ?? undefined;
    } while (cursor !== undefined);
  };
  const each = async function* (path: string, options?: AnyOptions): AsyncGenerator<unknown> {
    for await (const { data } of pages(path, options)) yield* listIn(data);
  };

  const methods = Object.fromEntries(
    (['get', 'post', 'put', 'patch', 'delete'] as const).map((method) => [
      method,
      (path: string, options?: AnyOptions) => call(method, path, options),
    ]),
  );
  return { ...methods, pages, each } as unknown as ServiceClient<Paths>;
}

const conditionsOf = ({ ifMatch, previous }: AnyOptions): Readonly<Record<string, string>> => ({
  ...(ifMatch !== undefined && { 'if-match': ifMatch }),
  ...(previous?.etag !== undefined && { 'if-none-match': previous.etag }),
});

const isSafeToRepeat = (method: string): boolean => method !== 'POST' && method !== 'PATCH';

/** The shop has made up its mind; anything else may still go well under the same key. */
const isFinal = (error: unknown): boolean =>
  isProblem(error) &&
  error.status < 500 &&
  !isProblem(error, 'unauthenticated', 'rate_limited', 'idempotency_key_in_use');

const answerOf = ({ status, headers }: Response, text: unknown): Answer<unknown> => ({
  data: typeof text === 'string' && isJson(headers) ? (JSON.parse(text) as unknown) : text,
  status,
  etag: headers.get('etag') ?? undefined,
  replayed: headers.get('idempotency-replayed') === 'true',
  headers,
});

const isJson = (headers: Headers): boolean => /\bjson\b/.test(headers.get('content-type') ?? '');

/** A page holds one list, whatever it is called. */
const listIn = (page: unknown): readonly unknown[] =>
  Object.values(page as object).find((value): value is readonly unknown[] => Array.isArray(value)) ?? [];
