import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards } from '../deploy/observability/dashboards.mts';
import { toGrafana } from '../deploy/observability/panel.mts';

/** npm run dashboards: writes deploy/observability/grafana/ from dashboards.mts. */
const folder = join(import.meta.dirname, '..', 'deploy', 'observability', 'grafana');
mkdirSync(folder, { recursive: true });
for (const dashboard of dashboards) {
  writeFileSync(join(folder, `${dashboard.uid}.json`), `${JSON.stringify(toGrafana(dashboard), null, 2)}\n`);
  process.stdout.write(`deploy/observability/grafana/${dashboard.uid}.json\n`);
}
