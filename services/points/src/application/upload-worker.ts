import type { Clock, Log, Randomness, Timers } from '@g-store/runtime';
import type { AccrualSystem, Answer } from './accrual-system.js';
import { backOffs, delayMs } from './back-off.js';
import { createPace } from './pace.js';
import type { Claim, Postponed, Schedule } from './schedule.js';
import type { Outcome } from './uploads.js';

export interface UploadWorkerOptions {
  readonly schedule: Schedule;
  readonly accrual: AccrualSystem;
  /** Each a unit of work of its own, which ends before anybody is asked anything. */
  readonly commands: {
    settle(claim: Claim, outcome: Outcome): Promise<void>;
    progress(claim: Claim): Promise<void>;
    giveToOwner(claim: Claim, owner: string): Promise<void>;
  };
  readonly clock: Clock;
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
  /** Questions that may be under way at once. */
  readonly concurrency?: number;
  /** Questions that the system allows, if that is known before its first refusal tells. */
  readonly perMinute?: number;
  readonly onAnswer?: (kind: Answer['kind']) => void;
}

export interface UploadWorker extends AsyncDisposable {
  /** Something is due now. */
  wake(): void;
}

const LOOK_EVERY_MS = 300;
const AFTER_A_FAULT_MS = 1_000;
/** Longer than everything claimed at once can take, so that it falls due again only if this process has died. */
const LEASE_MS = 15_000;

/**
 * Asks the accrual system about every upload until it is final. Orders are claimed in one short statement and asked about
 * outside of any transaction; whatever was claimed and not decided falls due again, here or in another process.
 */
export function startUploadWorker(options: UploadWorkerOptions): UploadWorker {
  const {
    schedule,
    accrual,
    commands,
    clock,
    timers,
    randomness,
    log,
    concurrency = 16,
    perMinute,
    onAnswer,
  } = options;
  const stop = new AbortController();
  const asking = new Set<Promise<void>>();
  /** Answers that are being written down: apart from the questions, so that many of them share a commit. */
  const concluding = new Set<Promise<void>>();
  const waiting: Claim[] = [];
  let postponed: Postponed[] = [];
  let finished: string[] = [];
  let pausedUntil = new Date(0);
  let failing = false;
  const pace = createPace({ clock, timers });
  if (perMinute !== undefined) pace.allow(perMinute);
  let rest = new AbortController();
  let woken = false;

  const isPaused = (): boolean => clock.now() < pausedUntil;
  const later = ({ number }: Claim, attempts: number, dueAt: Date): void =>
    void postponed.push({ number, attempts, dueAt });
  const backOff = (claim: Claim, kind: keyof typeof backOffs, attempts: number): void => {
    const delay = delayMs(backOffs[kind], attempts, randomness);
    later(claim, attempts + 1, new Date(clock.now().getTime() + delay));
  };

  const conclude = async (claim: Claim, answer: Answer): Promise<void> => {
    const { number, status, attempts } = claim;
    switch (answer.kind) {
      case 'invalid':
        await commands.settle(claim, { accrual: undefined });
        return void finished.push(number);
      case 'processed': {
        const { accrual: points, owner } = answer;
        await commands.settle(claim, { accrual: points, ...(owner === undefined ? {} : { owner }) });
        return void finished.push(number);
      }
      case 'processing':
        if (status === 'NEW') await commands.progress(claim);
        return backOff(claim, 'processing', status === 'NEW' ? 0 : attempts);
      case 'unknown':
        return backOff(claim, 'unknown', attempts);
      case 'limited': {
        const until = new Date(clock.now().getTime() + answer.retryAfterMs);
        if (until > pausedUntil) pausedUntil = until;
        if (answer.perMinute !== undefined) pace.allow(answer.perMinute);
        later(claim, attempts, pausedUntil);
        return schedule.pause(pausedUntil);
      }
      case 'failed':
        log.debug({ number, why: answer.why }, 'the accrual system did not answer');
        return backOff(claim, 'failed', attempts);
    }
  };

  const noteAnswer = (answer: Answer): void => {
    onAnswer?.(answer.kind);
    const fails = answer.kind === 'failed';
    if (fails === failing) return;
    failing = fails;
    if (answer.kind === 'failed') log.warn({ why: answer.why }, 'the accrual system fails; uploads wait for it');
    else log.info({}, 'the accrual system answers again');
  };

  const concludeAside = (claim: Claim, answer: Answer): void => {
    const done: Promise<void> = conclude(claim, answer)
      .catch((error: unknown) => notKept(claim, error))
      .then(() => void concluding.delete(done));
    concluding.add(done);
  };

  const notKept = (claim: Claim, error: unknown): void => {
    log.warn({ err: error, number: claim.number }, 'an answer of the accrual system could not be kept');
    backOff(claim, 'failed', claim.attempts);
  };

  const askAbout = async (claim: Claim): Promise<void> => {
    try {
      const { owner, status, shopOwner, earned } = claim;
      if (status === 'INVALID' || status === 'PROCESSED') return void finished.push(claim.number);
      if (shopOwner !== undefined && shopOwner !== owner) await commands.giveToOwner(claim, shopOwner);
      if (earned !== undefined) return concludeAside(claim, { kind: 'processed', accrual: earned });
      if (isPaused()) return later(claim, claim.attempts, pausedUntil);
      const answer = await accrual.ask(claim.number);
      if (stop.signal.aborted && answer.kind === 'failed') return later(claim, claim.attempts, clock.now());
      noteAnswer(answer);
      concludeAside(claim, answer);
    } catch (error) {
      notKept(claim, error);
    }
  };

  /** Writes down what became of claims. What is lost here is asked again: settling twice changes nothing. */
  const writeDown = async (): Promise<void> => {
    const [toPostpone, toFinish] = [postponed, finished];
    [postponed, finished] = [[], []];
    if (toFinish.length > 0) await schedule.finish(toFinish);
    if (toPostpone.length > 0) await schedule.postpone(toPostpone);
  };

  const claimMore = async (): Promise<void> => {
    const now = clock.now();
    const limit = Math.max(1, Math.min(2 * concurrency, pace.turnsIn(LEASE_MS / 3)));
    waiting.push(...(await schedule.claim(now, limit, new Date(now.getTime() + LEASE_MS))));
    if (waiting.length === 0) pausedUntil = (await schedule.pausedUntil()) ?? pausedUntil;
  };

  const pause = (ms: number): Promise<void> => {
    rest = new AbortController();
    return timers.sleep(ms, AbortSignal.any([rest.signal, stop.signal])).catch(() => undefined);
  };

  /** How long to rest before the next turn. */
  const takeTurn = async (): Promise<number> => {
    if (isPaused()) {
      for (const claim of waiting.splice(0)) later(claim, claim.attempts, pausedUntil);
      await writeDown();
      return Math.min(pausedUntil.getTime() - clock.now().getTime(), LOOK_EVERY_MS);
    }
    if (waiting.length === 0) {
      await writeDown();
      await claimMore();
      return waiting.length > 0 ? 0 : LOOK_EVERY_MS;
    }
    await pace.turn(stop.signal);
    const next = stop.signal.aborted ? undefined : waiting.shift();
    if (next === undefined) return 0;
    const asked = askAbout(next).then(() => void asking.delete(asked));
    asking.add(asked);
    if (asking.size >= concurrency) await Promise.race(asking);
    if (concluding.size >= 8 * concurrency) await Promise.race(concluding);
    return 0;
  };

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      woken = false;
      const restMs = await takeTurn().catch((error: unknown) => {
        log.warn({ err: error }, 'uploads wait for the database');
        return AFTER_A_FAULT_MS;
      });
      if (restMs > 0 && !woken) await pause(restMs);
    }
    for (const claim of waiting.splice(0)) later(claim, claim.attempts, clock.now());
    await Promise.all(asking);
    await Promise.all(concluding);
    await writeDown().catch((error: unknown) => log.warn({ err: error }, 'uploads are left to their leases'));
  };
  const running = run();

  return {
    wake() {
      woken = true;
      rest.abort();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      accrual[Symbol.dispose](); // what is under way is left to the next process rather than waited for
      await running;
    },
  };
}
