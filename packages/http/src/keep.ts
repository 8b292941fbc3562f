import { toJson } from './json.js';
import { Problem, replyOf } from './problem.js';
import type { Reply } from './reply.js';
import type { CommandContext, Route, Transact, TransactPort } from './route.js';

const refused = new WeakSet<Reply>();

/** Whether `run` gave this reply by throwing: then nothing that it recorded before must be kept beside it. */
export const wasRefused = (reply: Reply): boolean => refused.has(reply);

/** `transact` for one request: what `run` answers, refusals too, is made fit to be kept and sent again. */
export function transactIn(
  port: TransactPort<unknown, unknown>,
  context: CommandContext,
  toReply: {
    readonly problemAs: (problem: Problem) => Reply;
    readonly refusal: (error: unknown) => Problem | undefined;
  },
): Transact<unknown, unknown> {
  return async (announced, run) => {
    const { reply, replayed } = await port(context, announced, async (work) => {
      try {
        return keepable(await run(work));
      } catch (error) {
        const problem = error instanceof Problem ? error : toReply.refusal(error);
        if (!problem || problem.status >= 500) throw error; // a fault stores nothing
        const answer = toReply.problemAs(problem);
        refused.add(answer);
        return answer;
      }
    });
    return replayed ? { ...reply, headers: { ...reply.headers, 'idempotency-replayed': 'true' } } : reply;
  };
}

/** A route with a `transact` and refusals of its own, whatever app serves it: where several services stand behind one door. */
export function bound(
  { declaration, handle }: Route,
  part: {
    readonly transact: TransactPort<unknown, unknown>;
    readonly refusal: (error: unknown) => Problem | undefined;
  },
): Route {
  const toReply = { problemAs: declaration.problemAs ?? replyOf, refusal: part.refusal };
  return {
    declaration,
    handle: (request) => handle({ ...request, transact: transactIn(part.transact, request.context, toReply) }),
  };
}

/** Plain JSON values alone: a replay reads them from the database and must say the same. */
const keepable = (reply: Reply): Reply =>
  reply.body === undefined || typeof reply.body === 'string'
    ? reply
    : { ...reply, body: JSON.parse(toJson(reply.body)) as unknown };
