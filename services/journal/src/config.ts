import { integer, port, readSettings, type Environment } from '@g-store/config';
import { foundationSettings } from '@g-store/service';

export const readJournalSettings = (env: Environment = process.env) =>
  readSettings(env, {
    ...foundationSettings,
    PORT: port(8086),
    /** An order of which nothing was heard for so long, though something is due, is stuck. */
    STUCK_AFTER_MS: integer(30_000, { min: 100, max: 86_400_000 }),
    /** How often the invariants are looked at. */
    CHECK_EVERY_MS: integer(5_000, { min: 100, max: 3_600_000 }),
  });

export type JournalSettings = ReturnType<typeof readJournalSettings>;
