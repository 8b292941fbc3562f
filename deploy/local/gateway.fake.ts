import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from '@g-store/testing';
import type { Gateway } from './gateway.mts';
import { nginxCommand, writeGateway } from './nginx.mts';
import { services } from './services.mts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What a service saw, told back by its stand-in. */
export interface Seen {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface StandIn extends AsyncDisposable {
  readonly port: number;
  readonly address: string;
  /** Requests so far. */
  calls(): number;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** The real nginx under the real configuration, before one stand-in for each service. */
export interface GatewayUnderTest extends AsyncDisposable {
  readonly port: number;
  readonly accessLog: string;
  /** Closed by the gateway's disposal, also one that was put in its place. */
  standIns: Map<string, StandIn>;
  /** Resolves when the last worker with the settings of before has gone: for a moment both answer. */
  reload(changes?: Partial<Gateway>): Promise<void>;
  upstreamsWith(service: string, more: readonly StandIn[]): Gateway['upstreams'];
  ask(path: string, options?: AskOptions): Promise<Answer>;
  seenBy(path: string, headers?: AskOptions['headers']): Promise<Seen>;
  /** Sends bytes as they are and reads until the other side ends, or until a text has come. */
  raw(bytes: string, until?: string): Promise<string>;
}

const definitions = join(__dirname, '..', '..', 'nginx');

export async function startGateway(): Promise<GatewayUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'gstore-nginx-'));
  const standIns = new Map<string, StandIn>();
  for (const { name } of services) standIns.set(name, await standIn(name));
  const port = await freePort();
  const addresses = () => Object.fromEntries([...standIns].map(([name, { address }]) => [name, [address]]));
  const gateway = (changes: Partial<Gateway> = {}): Gateway => ({
    listen: [`127.0.0.1:${port}`],
    services,
    upstreams: addresses(),
    origins: ['http://localhost:3000'],
    limits: { on: false, requestsPerSecond: 20, burst: 60, registrationsPerMinute: 10 },
    page: { folder: builtPage(join(folder, 'page')) },
    pageConfig: { mode: 'demo', currency: 'RUB' },
    folder: join(folder, 'nginx'),
    accessLog: join(folder, 'nginx', 'access.log'),
    workers: 1,
    ...changes,
  });
  writeGateway(gateway(), definitions);
  const { command, env, cwd } = nginxCommand(gateway().folder);
  const nginx = spawn(command[0] ?? '', command.slice(1), { env, cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const asking = (path: string, options?: AskOptions) => ask(port, path, options);
  await eventually(() => asking('/'));
  return {
    port,
    accessLog: gateway().accessLog,
    standIns,
    reload: async (changes) => {
      const before = workersOf(nginx);
      writeGateway(gateway(changes), definitions);
      nginx.kill('SIGHUP');
      await eventually(() => {
        const now = workersOf(nginx);
        return now.length > 0 && !now.some((pid) => before.includes(pid));
      });
    },
    upstreamsWith: (service, more) => ({
      ...addresses(),
      [service]: [...(addresses()[service] ?? []), ...more.map(({ address }) => address)],
    }),
    ask: asking,
    seenBy: async (path, headers = {}) => seen(await asking(path, { headers })),
    raw: (bytes, until) => raw(port, bytes, until),
    async [Symbol.asyncDispose]() {
      const ended = once(nginx, 'exit');
      nginx.kill('SIGTERM');
      await ended;
      for (const each of standIns.values()) await each[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As a build leaves it: an index, and assets by their hash. */
function builtPage(folder: string): string {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>the shop</title>');
  writeFileSync(join(folder, 'assets', 'page-3f9a.js'), `export const text = '${'page '.repeat(1_000)}';`);
  return folder;
}

const workersOf = ({ pid }: ChildProcess): readonly string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');

export const seen = (answer: Answer): Seen => JSON.parse(answer.text) as Seen;

/** The body of a problem, looked at for what every one of them has. */
export function problem(answer: Answer): unknown {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const body = JSON.parse(answer.text) as { status: number };
  expect(body.status).toBe(answer.status);
  return body;
}

/** A tiny service: tells what it saw, hangs up on demand, and shouts back after an upgrade. */
export async function standIn(service: string, at = 0): Promise<StandIn> {
  let calls = 0;
  const server = createServer((incoming, outgoing) => {
    calls += 1;
    incoming.resume().on('end', () => {
      if (incoming.url === '/hang-up') return void incoming.socket.destroy();
      const headers = { ...incoming.headers, 'x-answered-by': String(portOf(server)) };
      outgoing.setHeader('Access-Control-Allow-Origin', '*').setHeader('Content-Type', 'application/json');
      outgoing.end(JSON.stringify({ service, method: incoming.method, path: incoming.url, headers }));
    });
  });
  server.on('upgrade', (incoming, socket) => {
    const protocol = incoming.headers['sec-websocket-protocol'];
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
    );
    socket.on('data', (bytes: Buffer) => socket.write(bytes.toString().toUpperCase())).on('end', () => socket.end());
  });
  server.listen(at, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    address: `127.0.0.1:${portOf(server)}`,
    calls: () => calls,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const done = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await done;
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Node's own client, since fetch folds paths and refuses headers that a client of ours may well send. */
async function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: AskOptions = {},
): Promise<Answer> {
  const length = body && !('transfer-encoding' in headers) ? { 'content-length': String(body.length) } : {};
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers: { ...length, ...headers }, agent: false });
  // An answer may come before the body is all sent, and ends the sending.
  outgoing.on('error', () => {});
  const none = once(outgoing, 'close').then(() => Promise.reject(new Error('no answer')));
  outgoing.end(body);
  const [incoming] = (await Promise.race([once(outgoing, 'response'), none])) as [IncomingMessage];
  const parts: Buffer[] = [];
  incoming.on('data', (part: Buffer) => parts.push(part));
  await Promise.all([once(incoming, 'close'), none.catch(() => {})]);
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(parts).toString() };
}

function raw(port: number, bytes: string, until?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (part: Buffer) => {
      text += part.toString();
      if (until !== undefined && text.includes(until)) socket.destroy();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}
