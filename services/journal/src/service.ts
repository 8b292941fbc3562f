import { serve, startFoundation, type Adapters, type Served } from '@g-store/service';
import { uuidTableUpkeep } from '@g-store/messaging';
import { startChecks } from './application/checks.js';
import type { JournalSettings } from './config.js';
import { eventRoutes } from './inbound/event-routes.js';
import { everyEvent } from './inbound/events.js';
import { createFollowing } from './inbound/following.js';
import { journeyRoutes } from './inbound/journey-routes.js';
import { eventsTable } from './migrations/001-journal.js';
import { lookAtInvariants } from './outbound/invariants.js';
import { createJournalReader } from './outbound/journal-reader.js';
import { announcements, journalWorkIn } from './outbound/journal-work.js';
import { journalTables } from './outbound/tables.js';

const name = 'journal';

/** An operator does not see half a second; the load beside it feels whether thousands of events are a few transactions or hundreds. */
const gathering = { everyMs: 500, most: 2_000 };

/** The journal, whole: its ear to every topic, its checks and its routes; disposing it ends them in order. */
export async function startJournal(settings: JournalSettings, adapters: Partial<Adapters> = {}): Promise<Served> {
  const foundation = await startFoundation({
    name,
    settings,
    tables: journalTables,
    workIn: journalWorkIn,
    subscriptions: everyEvent(announcements),
    tells: [],
    gathering,
    upkeep: uuidTableUpkeep(eventsTable),
    adapters,
  });
  const stuckAfterMs = settings.STUCK_AFTER_SECONDS * 1_000;
  const { pool, clock, timers, log, metrics, authenticate } = foundation;
  const checks = startChecks({
    look: lookAtInvariants(pool, name),
    graceMs: stuckAfterMs,
    everyMs: settings.CHECK_EVERY_SECONDS * 1_000,
    clock,
    timers,
    log: log.module('checks'),
    metrics,
  });
  const dependencies = {
    reader: createJournalReader(pool),
    checks,
    follow: createFollowing({ authenticate, timers }),
    clock,
    stuckAfterMs,
  };
  return serve(foundation, {
    title: 'Journal',
    description: 'Every event of the shop: where an order is, what it waits for, and whether everything adds up.',
    routes: [...journeyRoutes(dependencies), ...eventRoutes(dependencies)],
    attach: () => checks,
  });
}
