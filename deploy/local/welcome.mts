import { relative } from 'node:path';
import { brokersOf } from './kafka.mts';
import { gatewayPorts, legacyPorts } from './nginx.mts';
import { secretFile } from './secrets.mts';
import { instancesOf, services } from './services.mts';
import type { Stack } from './settings.mts';

/** What somebody who has just started the stack wants to know. */
export function welcome(stack: Stack): string {
  const [port, second] = gatewayPorts(stack);
  const gateway = `http://localhost:${port}`;
  const direct = services
    .flatMap((service) => instancesOf(service, stack))
    .map((each) => `  ${each.name.padEnd(16)} http://localhost:${each.port}`);
  const older = legacyPorts(stack).map(({ port: each, what }) => `server listen at :${each} (${what})\n`);
  const here = (file: string) => relative(process.cwd(), file) || '.';
  return `
The shop is open: ${gateway} (and http://localhost:${second})

  every API        ${gateway}/docs/
  problems         ${gateway}/problems/
${direct.join('\n')}
  Kafka            ${brokersOf(stack)}
  data and logs    ${here(stack.home)}/
${older.length === 0 ? '' : `\n${older.join('')}`}
People of the demo: alice, ivan, sari, staff, operator; one click each on the page, or the password <login>-password.
The staff API key lies in ${here(secretFile(stack, 'staff-api-key'))} (header X-Staff-API-Key).

Try next:
  curl -s ${gateway}/api/identity/v1/sessions -H 'content-type: application/json' \\
    -d '{"login":"alice","password":"alice-password"}'
  make status    make logs SERVICE=orders LEVEL=warn    make stop    make help
`;
}
