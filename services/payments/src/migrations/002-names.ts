import type { Migration } from '@g-store/messaging';

/** The older online shop's wallets have a name on them, and the store's people may pay in for their owners. */
export const namesMigration: Migration = {
  name: '002-names',
  sql: `
ALTER TABLE wallet
  ADD COLUMN full_name text NOT NULL DEFAULT '' CONSTRAINT one_name CHECK (char_length(full_name) <= 200);

-- Who paid in for the owner; nobody but the owner where it is empty.
ALTER TABLE transfer
  ADD COLUMN actor text CHECK (actor <> ''),
  ADD CONSTRAINT only_top_ups_are_done_for_others CHECK (actor IS NULL OR kind = 'top_up');
`,
};
