import type { Clock } from '@g-store/runtime';
import { KeyReused, type IdempotencyKey } from '../work.js';
import type { Plan } from './attempt.js';
import { insertKept, keptByText, selectKept, type Kept } from './idempotency.js';
import { idempotencyText, type Job, type Outcome } from './queue.js';
import { AttemptFailed, type Transaction } from './transaction.js';

/** Many commands in one transaction; the result is what to answer each of them once it has committed. */
export function commandPlan(jobs: readonly Job[], clock: Clock): Plan<readonly Outcome[]> {
  const keys = jobs.flatMap(({ command }) => (command.idempotency === undefined ? [] : [command.idempotency]));
  return {
    opening: [],
    announced: jobs.flatMap(({ command }) => command.announced ?? []),
    behindGuards: keys.length === 0 ? [] : [selectKept(keys)],
    async decide(transaction, { behindGuards }) {
      const keptBefore = keptByText(behindGuards[0]);
      const keptNow = new Map<string, Kept>();
      const toKeep: { readonly key: IdempotencyKey; readonly reply: unknown }[] = [];
      const outcomes: Outcome[] = [];
      for (const job of jobs) {
        const { idempotency } = job.command;
        const text = idempotency && idempotencyText(idempotency);
        const earlier = text === undefined ? undefined : (keptBefore.get(text) ?? keptNow.get(text));
        const outcome = idempotency && earlier ? replayed(idempotency, earlier) : await runJob(transaction, job);
        outcomes.push(outcome);
        if (idempotency && text !== undefined && earlier === undefined && 'reply' in outcome) {
          keptNow.set(text, { fingerprint: idempotency.fingerprint, reply: outcome.reply });
          toKeep.push({ key: idempotency, reply: outcome.reply });
        }
      }
      return { result: outcomes, before: [], after: toKeep.length === 0 ? [] : [insertKept(toKeep, clock.now())] };
    },
  };
}

const replayed = (asked: IdempotencyKey, kept: Kept): Outcome =>
  kept.fingerprint.equals(asked.fingerprint)
    ? { reply: kept.reply, replayed: true }
    : { error: new KeyReused('this idempotency key was used for another request') };

/** A run that throws records nothing and disturbs nobody, unless its transaction was lost with it. */
async function runJob(transaction: Transaction, { command, run }: Job): Promise<Outcome> {
  try {
    const reply = await transaction.run(command.cause, run, (made) => !command.refuses?.(made));
    return { reply, replayed: false };
  } catch (error) {
    if (error instanceof AttemptFailed) throw error;
    return { error };
  }
}
