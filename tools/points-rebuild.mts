import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// npm run points:rebuild: of the stack that STACK names (main unless set), or of any other by DATABASE_OWNER_URL.
const root = join(import.meta.dirname, '..');
const program = join(root, 'services', 'points', 'dist', 'rebuild.js');
const description = join(root, '.local', process.env['STACK'] || 'main', 'stack.json');

function ownerUrl(): string | undefined {
  if (process.env['DATABASE_OWNER_URL'] || !existsSync(description)) return process.env['DATABASE_OWNER_URL'];
  const { services } = JSON.parse(readFileSync(description, 'utf8')) as {
    services: Readonly<Record<string, { readonly databaseOwnerUrl?: string }>>;
  };
  return services['points']?.databaseOwnerUrl;
}

const url = ownerUrl();
if (!existsSync(program)) {
  process.stderr.write('services/points is not built: make build\n');
  process.exitCode = 2;
} else if (url === undefined) {
  process.stderr.write(
    'There is no running stack with points: make start, name one by STACK, or set DATABASE_OWNER_URL\n',
  );
  process.exitCode = 2;
} else {
  const { status } = spawnSync(process.execPath, [program], {
    stdio: 'inherit',
    env: { ...process.env, DATABASE_OWNER_URL: url },
  });
  process.exitCode = status ?? 1;
}
