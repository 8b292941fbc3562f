import type { Gateway, Told } from '../local/gateway.mts';
import { renderGateway } from '../local/gateway.mts';
import { services } from '../local/services.mts';
import { containerOf } from './containers.mts';

/** Where gateway.sh lays the files before nginx reads them. */
const folder = '/run/gateway';

/** The gateway of containers: addresses are names that are looked up again, and the page is another container's. */
export const containerGateway: Gateway = {
  listen: ['8080', '3000'],
  // Where several instances share a name, no single one can have the service's own port outside.
  directListen: { notifications: '8084' },
  services,
  upstreams: Object.fromEntries(services.map(({ name, port }) => [name, [`${containerOf(name)}:${port}`]])),
  origins: [],
  limits: { on: false, requestsPerSecond: 20, burst: 60, registrationsPerMinute: 10 },
  page: { server: 'frontend:8080' },
  pageConfig: { mode: 'demo', currency: 'RUB' },
  folder,
  accessLog: '/dev/stdout',
  workers: 'auto',
  tls: true,
  resolver: '{{resolver}}',
};

const placeholders: Told = {
  origins: '{{origins}}',
  rateLimits: '{{rateLimits}}',
  requestsPerSecond: '{{requestsPerSecond}}',
  burst: '{{burst}}',
  registrationsPerMinute: '{{registrationsPerMinute}}',
  registrationBurst: '{{registrationBurst}}',
  registrationWait: '{{registrationWait}}',
};

/** The files of the image; what stands in double braces is filled in by gateway.sh from the container's environment. */
export const gatewayImage = (definitions: string): ReadonlyMap<string, string | Buffer> =>
  new Map([
    ...renderGateway(containerGateway, definitions, placeholders),
    ['pages/config.json', '{"mode":"{{mode}}","currency":"{{currency}}"}\n'],
  ]);
