import { databaseUrl, readSettings, text } from '@g-store/config';
import { migrate, type Migration } from '@g-store/messaging';

/** The body of a service's `migrate.ts`: brings its database up to date; one message and exit code 1 if it cannot. */
export async function runMigrations(service: string, migrations: readonly Migration[]): Promise<void> {
  try {
    const settings = readSettings(process.env, { DATABASE_OWNER_URL: databaseUrl(), APP_ROLE: text() });
    await migrate({ ownerUrl: settings.DATABASE_OWNER_URL, appRole: settings.APP_ROLE, migrations });
  } catch (error) {
    process.stderr.write(
      `${service} could not be migrated: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
