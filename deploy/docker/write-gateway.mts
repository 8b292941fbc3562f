import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gatewayImage } from './gateway-image.mts';

/** node write-gateway.mts <folder>: what the gateway's image holds. */
const [folder = ''] = process.argv.slice(2);
for (const [name, content] of gatewayImage(join(import.meta.dirname, '..', '..', 'nginx'))) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
