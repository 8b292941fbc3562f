import type { IncomingHttpHeaders } from 'node:http';
import type { ZodObject, ZodType, output } from 'zod';
import type { Authenticate } from './authenticate.js';
import type { Authority, Caller, MachineCaller, Scope, UserCaller } from './caller.js';
import type { Code, Problem } from './problem.js';
import type { none, Reply } from './reply.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An Idempotency-Key as it was sent, and the SHA-256 of the method, path and body that it was sent with. */
export interface Idempotency {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
  readonly fingerprint: Buffer;
}

/** Where a command comes from: goes into every event that it tells. */
export interface CommandContext {
  readonly idempotency?: Idempotency;
  readonly cause: { readonly correlationId: string; readonly causationId?: string; readonly traceparent?: string };
}

/** What a service hands to its routes: runs a unit of work whose result is the reply, kept beside the Idempotency-Key. */
export type TransactPort<Work, Announced> = (
  context: CommandContext,
  announced: Announced,
  run: (work: Work) => Promise<Reply>,
) => Promise<{ readonly reply: Reply; readonly replayed: boolean }>;

/** A refusal thrown by `run` becomes a problem inside the unit, so that it is kept like any other answer. */
export type Transact<Work, Announced> = (announced: Announced, run: (work: Work) => Promise<Reply>) => Promise<Reply>;

/** Who may come in decides who a handler can meet. */
export type CallerOf<A extends Authority, M extends Scope | undefined> = A extends 'public'
  ? Caller | undefined
  : M extends Scope
    ? UserCaller | MachineCaller
    : UserCaller;

/** Where a request comes from, as far as trusted proxies tell; `secure` when it came over https. */
export interface Client {
  readonly address: string;
  readonly secure: boolean;
}

export interface Request<P, Q, B, C, Work, Announced> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: C;
  readonly headers: IncomingHttpHeaders;
  /** Raw; see `requireVersion` and `versioned`. */
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly context: CommandContext;
  readonly client: Client;
  /** Path and query as they were asked for, without any prefix: what `nextLink` takes. */
  readonly url: string;
  readonly requestId: string;
  /** Aborted when the client goes away before the answer is complete, or the server stops: the end of a `stream`. */
  readonly gone: () => AbortSignal;
  readonly transact: Transact<Work, Announced>;
}

export type Answers = Readonly<Record<number, ZodType | typeof none>>;

/** One declaration: validation, types, caller and authority, idempotency, problems and the OpenAPI document come from it. */
export interface Declaration<
  A extends Authority = Authority,
  M extends Scope | undefined = Scope | undefined,
  P extends ZodObject = ZodObject,
  Q extends ZodObject = ZodObject,
  B extends ZodType = ZodType,
> {
  readonly method: Method;
  /** With `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly caller: A;
  /** A staff API key with this scope will do too. */
  readonly machine?: M;
  readonly params?: P;
  readonly query?: Q;
  /** Strict objects all the way down; without a schema only no body or `{}` is taken. */
  readonly body?: B;
  readonly answers: Answers;
  /** The codes of this route's own; what every route can answer (400, 401, 403, 413 …) is added by itself. */
  readonly refusals?: readonly Code[];
  /** The path parameter, or else the field of the answer, that is the id of an order: its log line names it. */
  readonly order?: string;
  /** Whether an Idempotency-Key is honoured: by default on POST and PATCH of a known caller. */
  readonly idempotent?: boolean;
  /** 'text': text/plain reaches the schema as a string, JSON as ever. */
  readonly accepts?: 'json' | 'text';
  /** Takes `Content-Encoding: gzip`; the limit counts what is unpacked. */
  readonly gzip?: boolean;
  /** For a dialect with errors of its own shape. */
  readonly problemAs?: (problem: Problem) => Reply;
  /** Checks the credentials in place of the app: for a dialect with tokens or cookies of its own. */
  readonly authenticate?: Authenticate;
  /** Its 200 may also be a `stream` of server-sent events, whose data is this. */
  readonly events?: ZodType;
  /** Left out of the OpenAPI document. */
  readonly hidden?: boolean;
}

/** A declared route; `handle` is typed where it is declared and reached only through the checks of the declaration. */
export interface Route {
  readonly declaration: Declaration;
  readonly handle: (
    request: Request<unknown, unknown, unknown, Caller | undefined, unknown, unknown>,
  ) => Promise<Reply>;
}

type Nothing = ZodObject<Record<never, never>>;

export type DeclareRoute<Work, Announced> = <
  A extends Authority,
  M extends Scope | undefined = undefined,
  P extends ZodObject = Nothing,
  Q extends ZodObject = Nothing,
  B extends ZodType = ZodType<undefined>,
>(
  declaration: Declaration<A, M, P, Q, B>,
  handle: (request: Request<output<P>, output<Q>, output<B>, CallerOf<A, M>, Work, Announced>) => Promise<Reply>,
) => Route;

/** `route` with `transact` typed for one service's work. */
export const createRouting = <Work, Announced>(): { readonly route: DeclareRoute<Work, Announced> } => ({
  route: (declaration, handle) => ({ declaration, handle: handle as unknown as Route['handle'] }), // createApp hands over only what the declaration's schemas gave
});

/** A route that changes nothing through `transact`. */
export const { route } = createRouting<never, never>();
