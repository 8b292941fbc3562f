import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderGateway, type Gateway } from './gateway.mts';
import { checkFree, type Port } from './ports.mts';
import { asUser, handOver, ownedFolder } from './privileges.mts';
import { logFile, running, type Launch } from './processes.mts';
import { runProgram } from './run-program.mts';
import { instancesOf, services } from './services.mts';
import { integer, onOff, type Stack } from './settings.mts';
import { StackRefused } from './stack-refused.mts';

const user = 'www-data';

/** The second one is where a page's development server would be: all routes, one origin. */
export const gatewayPorts = (stack: Stack): readonly number[] => [8000, 3000].map((port) => port + stack.portOffset);

/**
 * The ports of the two older point systems when `LEGACY_PORTS` is 1; two other numbers are taken as they stand.
 * @throws StackRefused
 */
export function legacyPorts({ env, portOffset }: Stack): readonly Port[] {
  const given = env['LEGACY_PORTS'] || '0';
  if (given === '0') return [];
  const ports = given === '1' ? [31_001, 8001].map((port) => port + portOffset) : given.split(',').map(Number);
  if (ports.length !== 2 || !ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536))
    throw new StackRefused(`LEGACY_PORTS=${given}: write 1, or two ports such as 31001,8001`);
  return ports.map((port, index) => ({ port, what: `the ${index === 0 ? 'event-store' : 'queue'} dialect of points` }));
}

/** Pages that may call us: this machine's, on the gateway's ports and on 80. */
export function originsOf(stack: Stack): readonly string[] {
  const own = stack.env['ALLOWED_ORIGINS'];
  if (own) return own.split(',').map((origin) => origin.trim());
  const ports = [...new Set([3000, 8000, ...gatewayPorts(stack)])];
  return ['http://localhost', 'http://127.0.0.1'].flatMap((host) => [host, ...ports.map((port) => `${host}:${port}`)]);
}

export const builtPage = (stack: Stack): string => join(stack.root, 'frontend', 'dist');

const gatewayOf = (stack: Stack): Gateway => ({
  listen: gatewayPorts(stack).map((port) => `127.0.0.1:${port}`),
  legacyListen: legacyPorts(stack).map(({ port }) => `127.0.0.1:${port}`),
  services,
  upstreams: Object.fromEntries(
    services.map((service) => [service.name, instancesOf(service, stack).map(({ port }) => `127.0.0.1:${port}`)]),
  ),
  origins: originsOf(stack),
  limits: {
    on: onOff(stack.env, 'RATE_LIMITS', false),
    requestsPerSecond: integer(stack.env, 'RATE_LIMIT_PER_SECOND', 20),
    burst: integer(stack.env, 'RATE_LIMIT_BURST', 60),
    registrationsPerMinute: integer(stack.env, 'REGISTRATIONS_PER_MINUTE', 10),
  },
  page: { folder: builtPage(stack) },
  pageConfig: { mode: 'demo', currency: stack.env['CURRENCY'] || 'RUB' },
  folder: join(stack.home, 'nginx'),
  accessLog: logFile(stack, 'nginx'),
  workers: 1,
});

/** Writes what nginx reads; a running one takes up what has changed. */
export async function prepareNginx(stack: Stack, signal: AbortSignal): Promise<Launch> {
  const gateway = gatewayOf(stack);
  if (running(stack, 'nginx') !== undefined) await checkFree(stack, newPorts(stack, gateway));
  const changed = writeGateway(gateway, join(stack.root, 'nginx'));
  mkdirSync(dirname(gateway.accessLog), { recursive: true });
  appendFileSync(gateway.accessLog, '');
  handOver(user, gateway.accessLog);
  const launch = nginxCommand(gateway.folder);
  const check = [...launch.command, '-t', '-q'];
  await runProgram("reading nginx's configuration", { command: check, env: launch.env, cwd: launch.cwd, signal });
  const pid = running(stack, 'nginx');
  if (changed && pid !== undefined) process.kill(pid, 'SIGHUP');
  return launch;
}

/** Those of the older systems that a running nginx does not hold yet: it would go on without them and say nothing. */
function newPorts(stack: Stack, { folder }: Gateway): readonly Port[] {
  const current = readFileSync(join(folder, 'nginx.conf'), 'utf8');
  return legacyPorts(stack).filter(({ port }) => !current.includes(`listen 127.0.0.1:${port} `));
}

/** Says whether anything differs from what was there. */
export function writeGateway(gateway: Gateway, definitions: string): boolean {
  const files = renderGateway(gateway, definitions);
  const current = (name: string) =>
    existsSync(join(gateway.folder, name)) ? readFileSync(join(gateway.folder, name)) : undefined;
  const changed = [...files].some(([name, content]) => !current(name)?.equals(Buffer.from(content)));
  // A running nginx may be reading: each file is the old one or the new one, never half of it.
  for (const [name, content] of files) {
    const file = join(gateway.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  }
  ownedFolder(user, gateway.folder);
  return changed;
}

/** In the foreground, under its own configuration and prefix; nothing of the machine's nginx is read or written. */
export const nginxCommand = (folder: string): Launch => ({
  command: asUser(user, ['nginx', '-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')]),
  env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`, LC_ALL: 'C.UTF-8' },
  cwd: folder,
});

export async function gatewayAnswers(stack: Stack): Promise<boolean> {
  const ask = (port: number) => fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) });
  const [own, older] = [gatewayPorts(stack).map(ask), legacyPorts(stack).map(({ port }) => ask(port))];
  // At the older ports whoever answers may be away: that the gateway listens there is enough.
  return Promise.all([Promise.all(own), ...older]).then(
    ([all]) => all.every(({ ok }) => ok),
    () => false,
  );
}
