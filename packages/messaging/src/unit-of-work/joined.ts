import type { QueryResult } from 'pg';
import type { Plan } from './attempt.js';

/** Several plans as one transaction: each reads and decides as if it were alone, and a later one sees what an earlier one recorded. */
export const joined = <Result>(plans: readonly Plan<Result>[]): Plan<readonly Result[]> => ({
  opening: plans.flatMap(({ opening }) => opening),
  announced: plans.flatMap(({ announced }) => announced),
  behindGuards: plans.flatMap(({ behindGuards }) => behindGuards),
  async decide(transaction, read) {
    const [opening, behindGuards] = [dealt(read.opening), dealt(read.behindGuards)];
    const decisions = [];
    for (const plan of plans)
      decisions.push(
        await plan.decide(transaction, {
          opening: opening(plan.opening.length),
          behindGuards: behindGuards(plan.behindGuards.length),
        }),
      );
    return {
      result: decisions.map(({ result }) => result),
      before: decisions.flatMap(({ before }) => before),
      after: decisions.flatMap(({ after }) => after),
    };
  },
});

/** Hands out results from the front, so many at a time. */
function dealt(results: readonly QueryResult[]): (count: number) => readonly QueryResult[] {
  let from = 0;
  return (count) => results.slice(from, (from += count));
}
