import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { eventsPage, type AsyncApi } from './events-page.mts';
import { pagesOf, type ProblemPage } from './pages.mts';
import { type Service } from './services.mts';
import { StackRefused } from './stack-refused.mts';

export interface Gateway {
  /** `address:port`, each a listener of the same server. */
  readonly listen: readonly string[];
  /** The same for the older systems' own ports, where points alone answers. */
  readonly legacyListen?: readonly string[];
  /** Addresses at which a service is reached as it stands, health and metrics too, whichever instance it is. */
  readonly directListen?: Readonly<Record<string, string>>;
  readonly services: readonly Service[];
  /** Where each service's instances listen. */
  readonly upstreams: Readonly<Record<string, readonly string[]>>;
  /** Origins that a browser may call from. */
  readonly origins: readonly string[];
  readonly limits: Limits;
  /** The folder of the built page, or the server that has it. */
  readonly page: { readonly folder: string } | { readonly server: string };
  /** What the page is told before it shows itself, at `/config.json`. */
  readonly pageConfig: { readonly mode: 'demo' | 'production'; readonly currency: string };
  /** Where the files are put, and where nginx keeps what it writes. */
  readonly folder: string;
  readonly accessLog: string;
  readonly workers: number | 'auto';
  /** Whether the file `tls.conf`, which only an installation with a certificate fills, is read. */
  readonly tls?: boolean;
  /** A DNS server to ask for upstreams that move (nginx ≥ 1.27.3); without it addresses are fixed until the next render. */
  readonly resolver?: string;
}

export interface Limits {
  readonly on: boolean;
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly registrationsPerMinute: number;
}

/** What an image is told only when it starts; until then each stands in the files as its placeholder. */
export type Told = ReturnType<typeof toldBy>;

/**
 * Every file that nginx needs, by its path below the gateway's folder. `definitions` is the folder nginx/ of the checkout;
 * `told` takes the place of what the gateway says itself about origins and limits.
 */
export function renderGateway(
  gateway: Gateway,
  definitions: string,
  told: Told = toldBy(gateway),
): ReadonlyMap<string, string | Buffer> {
  const read = (name: string) => readFileSync(join(definitions, name), 'utf8');
  const problems = JSON.parse(read('problems.json')) as Problems;
  const snippets = readdirSync(definitions).filter((name) => name.endsWith('.conf'));
  const locations = ['locations', 'legacy'].flatMap((folder) =>
    readdirSync(join(definitions, folder)).map((name) => `${folder}/${name}`),
  );
  return new Map<string, string | Buffer>([
    ['nginx.conf', fill(read('nginx.conf.template'), valuesOf(gateway, problems, told))],
    ...[...snippets, ...locations].map((name) => [name, read(name)] as const),
    ['pages/gateway.css', read('gateway.css')],
    ['pages/config.json', `${JSON.stringify(gateway.pageConfig)}\n`],
    ['pages/docs/asyncapi.json', read('events/asyncapi.json')],
    [
      'pages/docs/events.html',
      eventsPage(JSON.parse(read('events/asyncapi.json')) as AsyncApi, read('events/map.svg')),
    ],
    ...[...pagesOf(gateway.services, problems.codes)].map(([name, text]) => [`pages/${name}`, text] as const),
    ...pageFiles(gateway.page),
  ]);
}

const pageFiles = (page: Gateway['page']): readonly (readonly [string, Buffer])[] =>
  'server' in page
    ? []
    : filesBelow(page.folder).map((name) => [`pages/${name}`, readFileSync(join(page.folder, name))]);

/** The assets before the index.html that asks for them. */
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort();

interface Problems {
  readonly gateway: Readonly<
    Record<string, { readonly code: string; readonly detail: string; readonly retryAfter?: number }>
  >;
  readonly codes: Readonly<Record<string, ProblemPage>>;
}

const toldBy = ({ origins, limits }: Gateway) => ({
  origins: origins.map(checkedOrigin).map(originLine).join('\n'),
  rateLimits: limits.on ? 'on' : 'off',
  requestsPerSecond: String(limits.requestsPerSecond),
  burst: String(limits.burst),
  registrationsPerMinute: String(limits.registrationsPerMinute),
  registrationBurst: String(Math.max(0, limits.registrationsPerMinute - 1)),
  registrationWait: String(Math.ceil(60 / limits.registrationsPerMinute)),
});

const originLine = (origin: string): string => `        "${origin}" "${origin}";`;

const valuesOf = (gateway: Gateway, problems: Problems, told: Told): Readonly<Record<string, string>> => ({
  ...told,
  workers: String(gateway.workers),
  folder: gateway.folder,
  pages: join(gateway.folder, 'pages'),
  page: pageLocations(gateway.page),
  accessLog: gateway.accessLog,
  listen: listenLines(gateway.listen),
  tls: gateway.tls ? '        include tls.conf;' : '',
  moreServers: `${legacyServer(gateway)}${directServers(gateway)}`,
  problems: problemMaps(problems, told.registrationWait),
  upstreams: upstreamBlocks(gateway),
});

/** The shop's page, whose inner addresses all are its index.html: from files here, or from a server that does the same. */
const pageLocations = (page: Gateway['page']): string =>
  'server' in page
    ? `        location = / {
            proxy_pass http://page;
        }
        location /assets/ {
            proxy_intercept_errors on;
            proxy_pass http://page;
        }
        location / {
            include compression.conf;
            try_files $uri $uri.html $uri/index.html @page;
        }
        location @page {
            if ($not_of_page) {
                return 404;
            }
            proxy_intercept_errors on;
            proxy_pass http://page;
        }`
    : `        location = / {
            rewrite ^ /index.html last;
        }
        location / {
            include compression.conf;
            try_files $uri $uri.html $uri/index.html $page_or_nothing;
        }
        location = /.nothing {
            internal;
            return 404;
        }`;

const listenLines = (addresses: readonly string[]): string =>
  addresses.map((address) => `        listen ${address} default_server;`).join('\n');

/** Clients of the older point systems find their dialects where they always were; a credential they need here too. */
function legacyServer({ legacyListen = [], accessLog }: Gateway): string {
  if (legacyListen.length === 0) return '';
  return `
    server {
${listenLines(legacyListen)}
        server_name _;
        default_type application/problem+json;
        access_log "${accessLog}" json buffer=32k flush=1s;
        set $forwarded_prefix "";
        set $upgrade_header "";
        set $connection_header "";
        include headers.conf;
        include errors.conf;
        include legacy/points.conf;
    }`;
}

const directServers = ({ directListen = {}, accessLog }: Gateway): string =>
  Object.entries(directListen)
    .map(
      ([service, address]) => `
    server {
        listen ${address};
        access_log "${accessLog}" json buffer=32k flush=1s;
        set $forwarded_prefix "";
        set $upgrade_header $websocket;
        set $connection_header $websocket_connection;
        location / {
            proxy_pass http://${service};
        }
    }`,
    )
    .join('');

/** @throws Error on a placeholder that nobody fills, so that a template and its renderer cannot drift apart */
const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nginx.conf.template: nothing fills ${placeholder}`);
    return value;
  });

function checkedOrigin(origin: string): string {
  if (/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/.test(origin)) return origin;
  throw new StackRefused(`ALLOWED_ORIGINS: write ${JSON.stringify(origin)} like http://localhost:3000, without a path`);
}

function upstreamBlocks({ services, upstreams, resolver, page }: Gateway): string {
  const pageServer = 'server' in page ? [upstreamBlock('page', [page.server], resolver)] : [];
  const present = services.map(({ name }) => upstreamBlock(name, upstreams[name] ?? [], resolver));
  return [...(resolver ? [`    resolver ${resolver} valid=5s;`] : []), ...present, ...pageServer].join('\n');
}

function upstreamBlock(name: string, addresses: readonly string[], resolver: string | undefined): string {
  // One instance is asked every time, so that it is found the moment it is back; of several a dead one is left out for 2 s.
  // A name may stand for several; where it stands for one, nginx does not count its failures.
  const failing = addresses.length > 1 || resolver ? ' max_fails=1 fail_timeout=2s' : ' max_fails=0';
  const servers = addresses.map((address) => `        server ${address}${failing}${resolver ? ' resolve' : ''};`);
  return `    upstream ${name} {
        zone ${name} 64k;
        least_conn;
${servers.join('\n')}
        keepalive 64;
        keepalive_requests 100000;
        # Below the 5 s after which Node hangs up by itself, so that no request meets a connection that is just closing.
        keepalive_timeout 4s;
    }`;
}

function problemMaps({ gateway, codes }: Problems, registrationWait: string): string {
  const entries = Object.entries(gateway);
  const map = (source: string, variable: string, lines: readonly string[], otherwise = ''): string =>
    `    map ${source} $${variable} {\n${lines.map((line) => `        ${line}\n`).join('')}        default "${otherwise}";\n    }`;
  const waits = entries.filter(([, { retryAfter }]) => retryAfter !== undefined);
  return [
    map(
      '$status',
      'problem_code',
      entries.map(([status, { code }]) => `${status} ${code};`),
      'internal_error',
    ),
    map(
      '$status',
      'problem_detail',
      entries.map(([status, { detail }]) => `${status} "${detail}";`),
    ),
    map(
      '$problem_code',
      'problem_title',
      Object.entries(codes).map(([code, { title }]) => `${code} "${title}";`),
    ),
    map('$status', 'problem_allow', ['405 "GET, HEAD";']),
    map('"$status:$counted_registration"', 'problem_retry_after', [
      `"~^429:." ${registrationWait};`,
      ...waits.map(([status, { retryAfter }]) => `"~^${status}:" ${retryAfter};`),
    ]),
  ].join('\n');
}
