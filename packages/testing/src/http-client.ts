export interface HttpReply<T> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else the text; `undefined` when empty. */
  readonly body: T;
  readonly text: string;
}

export interface HttpOptions {
  /** Access token. */
  readonly token?: string;
  readonly staffKey?: string;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Read = <T = unknown>(path: string, options?: HttpOptions) => Promise<HttpReply<T>>;
type Write = <T = unknown>(path: string, body?: unknown, options?: HttpOptions) => Promise<HttpReply<T>>;

export interface HttpClient {
  readonly get: Read;
  readonly delete: Write;
  readonly post: Write;
  readonly put: Write;
  readonly patch: Write;
}

/** `client(url).post<{ orderId: string }>('/v1/orders', { amount: 100 }, { token })`. A string or Buffer is sent as it is. */
export function client(baseUrl: string, always: HttpOptions = {}): HttpClient {
  const send = async <T>(
    method: string,
    path: string,
    body: unknown,
    options: HttpOptions = {},
  ): Promise<HttpReply<T>> => {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: toHeaders({ ...always, ...options }, body !== undefined && !raw),
      redirect: 'manual',
      ...(body !== undefined && { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text, response.headers) as T };
  };
  const write =
    (method: string): Write =>
    <T>(path: string, body?: unknown, options?: HttpOptions) =>
      send<T>(method, path, body, options);
  return {
    get: <T>(path: string, options?: HttpOptions) => send<T>('GET', path, undefined, options),
    delete: write('DELETE'),
    post: write('POST'),
    put: write('PUT'),
    patch: write('PATCH'),
  };
}

const toHeaders = (
  { token, staffKey, idempotencyKey, headers }: HttpOptions,
  json: boolean,
): Record<string, string> => ({
  ...(json && { 'content-type': 'application/json' }),
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
  ...(staffKey !== undefined && { 'x-staff-api-key': staffKey }),
  ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  ...headers,
});

function parse(text: string, headers: Headers): unknown {
  if (text === '') return undefined;
  return headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
}
