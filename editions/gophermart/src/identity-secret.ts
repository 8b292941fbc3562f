import { randomBytes } from 'node:crypto';
import { connect, type Migration } from '@g-store/messaging';

export const secretMigration: Migration = {
  name: 'edition-001-secret',
  sql: `
CREATE TABLE edition_secret (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  secret text    NOT NULL
);
GRANT SELECT, INSERT ON edition_secret TO :app;
`,
};

/** What identity seals its signing keys with: made at the first start and kept beside them, for nobody configures it here. */
export async function keepSecret(databaseUrl: string): Promise<string> {
  const session = await connect(databaseUrl, { applicationName: 'secret' });
  try {
    const made = randomBytes(32).toString('base64');
    await session.query('INSERT INTO edition_secret (secret) VALUES ($1) ON CONFLICT DO NOTHING', [made]);
    const { rows } = await session.query<{ secret: string }>('SELECT secret FROM edition_secret');
    return rows[0]?.secret ?? made;
  } finally {
    await session.end();
  }
}
