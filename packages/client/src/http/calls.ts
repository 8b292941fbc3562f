import type { Intent } from './intent.js';

/** What the shop answered; the data is what the OpenAPI document says of it. */
export interface Answer<T> {
  readonly data: T;
  readonly status: number;
  /** The version of what was read or changed: for `ifMatch`, and by `previous` for `If-None-Match`. */
  readonly etag: string | undefined;
  /** The shop had done this before, under the same Idempotency-Key. */
  readonly replayed: boolean;
  readonly headers: Headers;
}

export interface CallOptions<T> {
  readonly signal?: AbortSignal | undefined;
  /** The same intent gives the same Idempotency-Key, however often it is tried; without one each call is an action of its own. */
  readonly intent?: Intent | undefined;
  /** Goes on only from the version that was seen; else `version_conflict`. */
  readonly ifMatch?: string | undefined;
  /** An earlier answer of the same call: unless something has changed, the very same answer comes back. */
  readonly previous?: Answer<T> | undefined;
}

/**
 * The calls of one service, as its OpenAPI document has them:
 * `orders.get('/v1/orders/{id}', { path: { id } })`.
 * @throws ShopProblem when the shop refuses, ShopUnreachable when it does not answer, the signal's reason when aborted
 */
export interface ServiceClient<Paths> {
  readonly get: Call<Paths, 'get'>;
  readonly post: Call<Paths, 'post'>;
  readonly put: Call<Paths, 'put'>;
  readonly patch: Call<Paths, 'patch'>;
  readonly delete: Call<Paths, 'delete'>;
  /** A list page by page, each asked for when it is wanted: `for await (const { data } of orders.pages('/v1/orders'))`. */
  readonly pages: <P extends ListPath<Paths>>(
    path: P,
    ...options: Rest<ListOptions<Operation<Paths, 'get', P>>>
  ) => AsyncIterable<Answer<DataOf<Operation<Paths, 'get', P>>>>;
  /** The same list, thing by thing. */
  readonly each: <P extends ListPath<Paths>>(
    path: P,
    ...options: Rest<ListOptions<Operation<Paths, 'get', P>>>
  ) => AsyncIterable<ItemOf<DataOf<Operation<Paths, 'get', P>>>>;
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export type Call<Paths, M extends Method> = <P extends PathWith<Paths, M>>(
  path: P,
  ...options: Rest<Options<Operation<Paths, M, P>>>
) => Promise<Answer<DataOf<Operation<Paths, M, P>>>>;

export type PathWith<Paths, M extends Method> = {
  [P in keyof Paths]: Paths[P] extends { readonly [K in M]: { readonly responses: unknown } } ? P : never;
}[keyof Paths];

type Operation<Paths, M extends Method, P extends keyof Paths> = Paths[P] extends { readonly [K in M]: infer O }
  ? O
  : never;

/** May be left out where nothing in it is required. */
type Rest<O> = object extends O ? [options?: O] : [options: O];

type Options<O> = PathOption<O> & QueryOption<O> & BodyOption<O> & CallOptions<DataOf<O>>;
type ListOptions<O> = PathOption<O> & QueryOption<O> & Pick<CallOptions<unknown>, 'signal'>;

type PathOption<O> = O extends { readonly parameters: { readonly path: infer P } } ? { readonly path: P } : object;
type QueryOption<O> = O extends { readonly parameters: { readonly query: infer Q } }
  ? { readonly query: Q }
  : O extends { readonly parameters: { readonly query?: infer Q } }
    ? { readonly query?: { readonly [K in keyof Q]: Q[K] | undefined } | undefined }
    : object;
type BodyOption<O> = O extends { readonly requestBody: { readonly content: infer C } }
  ? { readonly body: C[keyof C] }
  : O extends { readonly requestBody?: { readonly content: infer C } }
    ? { readonly body?: C[keyof C] }
    : object;

/** What a call gives when it went well; `undefined` for an answer without content. */
export type DataOf<O> = O extends { readonly responses: infer R }
  ? {
      [S in keyof R]: S extends 200 | 201 | 202 | 204
        ? R[S] extends { readonly content: infer C }
          ? ContentOf<C>
          : undefined
        : never;
    }[keyof R]
  : never;

/** Some routes tell the same as a stream, too: that is `follow`'s. */
type ContentOf<C> = C extends { readonly 'application/json': infer J } ? J : C[keyof C];

type ListPath<Paths> = {
  [P in PathWith<Paths, 'get'>]: DataOf<Operation<Paths, 'get', P>> extends { readonly nextCursor: string | null }
    ? P
    : never;
}[PathWith<Paths, 'get'>];

type ItemOf<D> = { [K in keyof D]: D[K] extends readonly (infer I)[] ? I : never }[keyof D];
