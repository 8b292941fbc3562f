import { integer, port, readSettings, type Environment } from '@g-store/config';
import { foundationSettings } from '@g-store/service';

export const readJournalSettings = (env: Environment = process.env) =>
  readSettings(env, {
    ...foundationSettings,
    PORT: port(8086),
    /** An order of which nothing was heard for so long, though something is due, is stuck. */
    STUCK_AFTER_SECONDS: integer(30, { min: 1, max: 86_400 }),
    /** How often the invariants are looked at. */
    CHECK_EVERY_SECONDS: integer(5, { min: 1, max: 3_600 }),
  });

export type JournalSettings = ReturnType<typeof readJournalSettings>;
