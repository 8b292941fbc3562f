import { announce, type Rows } from '@g-store/messaging';
import type { Announcements, Work } from '../application/work.js';
import { accounts, events, journeys, repeats, tallies, TALLY_ID } from './tables.js';

const theTally = announce(tallies, { id: TALLY_ID });

export const announcements: Announcements = {
  journey: (orderId) => announce(journeys, { orderId }),
  account: (kind, accountId) => announce(accounts, { kind, accountId }),
  tally: () => theTally,
};

/** The work port over rows. */
export const journalWorkIn = (rows: Rows): Work => ({
  now: rows.now,
  journey: (orderId) => rows.find(journeys, { orderId }),
  account: (kind, accountId) => rows.find(accounts, { kind, accountId }),
  async tally() {
    const tally = await rows.find(tallies, { id: TALLY_ID });
    if (tally === undefined) throw new Error('the migration has made no tally');
    return tally;
  },
  keep: (event) => rows.insert(events, event),
  recordJourney: (journey, isNew) => (isNew ? rows.insert(journeys, journey) : rows.update(journeys, journey)),
  recordAccount: (account, isNew) => (isNew ? rows.insert(accounts, account) : rows.update(accounts, account)),
  recordTally: (tally) => rows.update(tallies, { ...tally, id: TALLY_ID }),
  async repeat(eventId) {
    const before = await rows.find(repeats, { eventId });
    if (before) rows.update(repeats, { ...before, times: before.times + 1 });
    else rows.insert(repeats, { eventId, times: 1 });
  },
});
