import type { Clock, Log } from '@g-store/runtime';
import type { Request as HttpRequest, RequestHandler, Response } from 'express';
import { parse as parseQuery } from 'node:querystring';
import { z, type ZodType } from 'zod';
import { admit, identify, refuseRepeated } from './admit.js';
import { auditEntryOf, type AuditEntry } from './audit.js';
import type { Authenticate } from './authenticate.js';
import { ClientGone, nothingSent, readBody } from './body.js';
import type { Caller } from './caller.js';
import { checkAnswer } from './check-answer.js';
import { exchangeOf, type Exchange } from './exchange.js';
import { toProblem } from './faults.js';
import { idempotencyOf, takesIdempotencyKey } from './idempotency.js';
import { transactIn } from './keep.js';
import { replyOf, type Problem } from './problem.js';
import type { Reply } from './reply.js';
import type { Client, CommandContext, Declaration, Request, Route, TransactPort } from './route.js';
import { send } from './send.js';
import { looseObjectIn, strictly } from './strict.js';
import { refuseUnstorable, validate } from './validate.js';

export interface AnswerOptions {
  readonly authenticate: Authenticate;
  readonly refusal: (error: unknown) => Problem | undefined;
  readonly transact: TransactPort<unknown, unknown>;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: ((entry: AuditEntry) => void) | undefined;
  readonly checkAnswers: boolean;
}

/** What Express runs for a route: every check of its declaration, then its handler, then the answer, whatever it is. */
export function answerRoute(route: Route, options: AnswerOptions): RequestHandler {
  const { declaration } = route;
  const serve = servedBy(route, options);
  const problemAs = declaration.problemAs ?? replyOf;
  return async (request, response) => {
    const exchange = exchangeOf(response);
    exchange.route = declaration.path;
    let reply: Reply;
    try {
      reply = await serve(request, response, exchange);
      noteOrder(exchange, declaration, reply.body);
      if (options.checkAnswers) checkAnswer(declaration, reply);
    } catch (error) {
      if (error instanceof ClientGone) return void response.destroy();
      reply = problemAs(toProblem(error, options));
    }
    if (options.audit) {
      const entry = auditEntryOf(declaration, exchange, {
        status: reply.status,
        path: request.path,
        at: options.clock.now(),
      });
      if (entry) options.audit(entry);
    }
    send(request, response, reply);
  };
}

type Serve = (request: HttpRequest, response: Response, exchange: Exchange) => Promise<Reply>;

/** The checks in their order: who it is and whether they may, before anything of what they ask for is looked at. */
function servedBy({ declaration, handle }: Route, options: AnswerOptions): Serve {
  const { method, body: bodySchema } = declaration;
  const params = strictly(declaration.params);
  const query = strictly(declaration.query);
  const body = bodySchema ?? z.strictObject({}).optional();
  refuseLoose(declaration, body);
  const readsBody = bodySchema !== undefined || (method !== 'get' && method !== 'delete');
  const takesKey = takesIdempotencyKey(declaration);

  return async (request, response, exchange) => {
    const { headers } = request;
    refuseRepeated(request);
    const caller = await identify(declaration, headers, options.authenticate);
    if (caller) exchange.caller = caller;
    admit(declaration, caller);
    const asked = { params: validated(params, request.params), query: validated(query, queryIn(request.url)) };
    noteOrder(exchange, declaration, asked.params);
    const sent = readsBody ? await readBody(request, declaration) : nothingSent;
    const value = readsBody ? validate(body, sent.value) : undefined;
    const key = headers['idempotency-key'];
    const context: CommandContext = {
      cause: { correlationId: exchange.requestId, traceparent: exchange.traceparent },
      ...(takesKey &&
        typeof key === 'string' && {
          idempotency: idempotencyOf(declaration, { header: key, caller, path: pathOf(request), body: sent.text }),
        }),
    };
    return handle(
      requestFor(
        request,
        response,
        { ...asked, body: bodySchema && value, caller, context, exchange },
        declaration,
        options,
      ),
    );
  };
}

/** A path comes before an answer; only what was checked is noted. */
function noteOrder(exchange: Exchange, { order }: Declaration, where: unknown): void {
  if (order === undefined || exchange.orderId !== undefined || typeof where !== 'object' || where === null) return;
  const id = (where as Readonly<Record<string, unknown>>)[order];
  if (typeof id === 'string') exchange.orderId = id;
}

interface Checked {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly caller: Caller | undefined;
  readonly context: CommandContext;
  readonly exchange: Exchange;
}

/** Fields and no getters: a getter of its own would give every request a shape of its own, which costs half the throughput. */
function requestFor(
  request: HttpRequest,
  response: Response,
  { params, query, body, caller, context, exchange }: Checked,
  { problemAs = replyOf }: Declaration,
  { transact, refusal }: AnswerOptions,
): Request<unknown, unknown, unknown, Caller | undefined, unknown, unknown> {
  const { headers } = request;
  return {
    params,
    query,
    body,
    caller,
    headers,
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    context,
    client: clientOf(request),
    url: request.url,
    requestId: exchange.requestId,
    gone: () => goneSignal(response),
    transact: transactIn(transact, context, { problemAs, refusal }),
  };
}

const clientOf = (request: HttpRequest): Client => {
  const { headers, socket } = request;
  const forwarded = headers['x-forwarded-for'] !== undefined || headers['x-forwarded-proto'] !== undefined;
  return forwarded
    ? { address: request.ip ?? '', secure: request.secure }
    : { address: socket.remoteAddress ?? '', secure: false };
};

function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  const stopping = response.app.locals['stopping'] as AbortSignal | undefined;
  return stopping ? AbortSignal.any([controller.signal, stopping]) : controller.signal;
}

function validated(schema: ZodType, values: Readonly<Record<string, unknown>>): unknown {
  refuseUnstorable(values);
  return validate(schema, values);
}

const noQuery = {};

function queryIn(url: string): Readonly<Record<string, unknown>> {
  const at = url.indexOf('?');
  return at < 0 ? noQuery : parseQuery(url.slice(at + 1));
}

/** `/v1/orders` and `/v1/orders/` are the same, for an Idempotency-Key too. */
const pathOf = ({ path }: HttpRequest): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);

/** What a body has and a schema does not know must be refused, so a schema that would drop it is a mistake. */
function refuseLoose({ method, path }: Declaration, body: ZodType): void {
  const pointer = looseObjectIn(body);
  if (pointer !== undefined)
    throw new Error(`${method.toUpperCase()} ${path}: use z.strictObject at ${pointer} of the body`);
}
