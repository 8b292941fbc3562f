import { createAuthenticate, ok } from '@g-store/http';
import type { JsonWebKeySet, Route } from '@g-store/http';
import type { Health } from '@g-store/runtime';
import type { Foundation } from '@g-store/service';
import type { AccrualSystem } from './application/accrual-system.js';
import type { Reader } from './application/reader.js';
import { startUploadWorker } from './application/upload-worker.js';
import type { UploadWorker } from './application/upload-worker.js';
import type { UploadAnnouncements, UploadWork } from './application/upload-work.js';
import { giveToOwner, noteProgress, settleUpload } from './application/uploads.js';
import type { Announcement, Announcements } from './application/work.js';
import type { PointsSettings } from './config.js';
import { gophermartRoutes } from './inbound/gophermart-routes.js';
import { withCookie } from './inbound/gophermart-sign-in.js';
import { createAccrualClient } from './outbound/accrual-client.js';
import { createUploadReader } from './outbound/upload-reader.js';
import { createUploadSchedule } from './outbound/upload-schedule.js';

/** The longest life of a token that points accepts: one of the Gophermart API. */
export const TOKEN_LIFE_MS = 86_400_000;

export interface Gophermart extends AsyncDisposable {
  readonly routes: readonly Route[];
}

export interface GophermartParts {
  readonly settings: PointsSettings;
  readonly reader: Reader;
  readonly announcements: Announcements & UploadAnnouncements;
  /** In place of `JWKS_URL`, where the keys are made in this process. */
  readonly keys?: (() => Promise<JsonWebKeySet>) | undefined;
}

/** The Gophermart API and what works for it: its sign-in, and the worker that asks the accrual system if there is one. */
export function startGophermart(
  foundation: Foundation<UploadWork>,
  { settings, reader, announcements, keys }: GophermartParts,
): Gophermart {
  const { pool, denyList, clock, timers, log } = foundation;
  const authenticate = createAuthenticate({
    keys: keys ? { local: keys } : { url: new URL(settings.JWKS_URL) },
    audiences: ['g-store', 'gophermart'],
    longestLifeMs: TOKEN_LIFE_MS,
    denyList,
    ...(settings.STAFF_API_KEYS && { staffKeys: settings.STAFF_API_KEYS }),
    clock,
    timers,
    log: log.module('authenticate'),
    health: partOf(foundation.health),
  });
  const worker = startAsking(foundation, settings, announcements);
  return {
    routes: gophermartRoutes({
      reader,
      uploads: createUploadReader(pool),
      announcements,
      authenticate: withCookie(authenticate, settings.ALLOWED_ORIGINS),
      onUploaded: () => worker?.wake(),
    }),
    async [Symbol.asyncDispose]() {
      await worker?.[Symbol.asyncDispose]();
      authenticate[Symbol.dispose]();
    },
  };
}

/** These keys are fetched apart from the shop's, and are a part of their own. */
const partOf = (health: Health): Health => ({
  ...health,
  report: (part, state) => health.report(`${part} of Gophermart`, state),
});

function startAsking(
  foundation: Foundation<UploadWork>,
  {
    ACCRUAL_SYSTEM_ADDRESS: address,
    ACCRUAL_SYSTEM_KEY: key,
    ACCRUAL_SYSTEM_REQUESTS_PER_MINUTE: perMinute,
  }: PointsSettings,
  { account, orderByNumber, upload, earned }: Announcements & UploadAnnouncements,
): UploadWorker | undefined {
  if (address === undefined) return undefined;
  const { pool, clock, timers, randomness, log, metrics, ids } = foundation;
  const accrual: AccrualSystem = createAccrualClient({ address, key });
  const answers = metrics.counter('accrual_answers_total', 'Answers of the accrual system', ['answer']);
  const commit = async (
    announced: readonly Announcement[],
    run: (work: UploadWork) => Promise<void>,
  ): Promise<void> => {
    await foundation.transact({ cause: { correlationId: ids.next() } }, announced, async (work) => {
      await run(work);
      return ok();
    });
  };
  return startUploadWorker({
    schedule: createUploadSchedule(pool, address.href),
    accrual,
    commands: {
      settle: ({ number, owner }, outcome) =>
        commit([account(outcome.owner ?? owner), orderByNumber(number), upload(number), earned(number)], (work) =>
          settleUpload(work, number, outcome),
        ),
      progress: ({ number }) => commit([upload(number)], (work) => noteProgress(work, number)),
      giveToOwner: ({ number }, owner) => commit([upload(number)], (work) => giveToOwner(work, number, owner)),
    },
    clock,
    timers,
    randomness,
    log: log.module('accrual'),
    ...(perMinute !== undefined && { perMinute }),
    onAnswer: (answer) => answers.inc({ answer }),
  });
}
