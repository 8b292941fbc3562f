import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuOfEndedChildren } from '../cpu.mts';
import { execute } from '../stack.mts';
import { percentilesOf } from '../statistics.mts';
import type { Answer } from './contestant.mts';
import { asked, orderToStore } from './order.mts';

/** Connections at most: the server takes 200, and more of them make pgbench slower, not faster, on a few cores. */
export const PGBENCH_CLIENTS = 64;

/** Debian keeps it beside the server's programs, where no PATH leads. */
export const findPgbench = (): string | undefined =>
  [
    ...(process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'pgbench')),
    ...folders('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin/pgbench`),
  ].find((file) => existsSync(file));

export const howToInstall = 'pgbench is not installed (Debian: apt-get install postgresql-contrib)';

export interface PgbenchRun {
  readonly url: string;
  readonly clients: number;
  /** Orders in one transaction. */
  readonly batch: number;
  readonly seconds: number;
}

/** Orders a second that the server itself can take, with the statements of our own; `p99Ms` is a whole transaction's. */
export async function pgbench(program: string, { url, clients, batch, seconds }: PgbenchRun): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-pgbench-'));
  try {
    writeFileSync(join(folder, 'script.sql'), batch === 1 ? single() : many(batch));
    const { hostname, port, username, password, pathname } = new URL(url);
    const cpuBefore = cpuOfEndedChildren();
    const { stdout } = await execute(
      program,
      [
        ...['-h', hostname, '-p', port, '-U', username, '-n', '-M', 'prepared', '-f', 'script.sql'],
        ...['-c', String(clients), '-j', '2', '-T', String(seconds), '--log', pathname.slice(1)],
      ],
      { cwd: folder, env: { ...process.env, PGPASSWORD: password }, maxBuffer: 1 << 24 },
    );
    const perSecond = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]) * batch;
    const took = readdirSync(folder)
      .filter((name) => name.startsWith('pgbench_log'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
      .map((line) => Number(line.split(' ')[2]) / 1_000);
    const { p50, p99 } = percentilesOf(took);
    const clientCpu = ((cpuOfEndedChildren() - cpuBefore) / (took.length * batch)) * 1e6;
    return { perSecond, p50Ms: p50, p99Ms: p99, clientCpu };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const columns =
  'number, user_id, amount, currency, points_to_spend, status, description, items, version, created_at, updated_at';
const user = (id: string): string => `('00000000-0000-4000-8000-' || lpad((${id})::text, 12, '0'))::uuid`;
const rest = `${asked.amount}, '${asked.currency}', 0, 'PENDING', '${asked.description}', '[]', 1, now(), now()`;
const body = (): string =>
  `'\\x${orderToStore('00000000-0000-4000-8000-000000000000').outbox.body.toString('hex')}'::bytea`;

const single = (): string => `
\\set number random(1000000000000000, 9000000000000000)
BEGIN;
INSERT INTO orders (id, ${columns}) VALUES (uuidv7(), :number::bigint::text, ${user(':client_id')}, ${rest}) RETURNING id AS order_id \\gset
INSERT INTO order_history (order_id, version, status, actor, at) VALUES (:order_id::uuid, 1, 'PENDING', 'customer', now());
INSERT INTO outbox (topic, part, key, body, event_id, created_at) VALUES (1, 0, convert_to(:order_id::text, 'UTF8'), ${body()}, uuidv7(), now());
COMMIT;
`;

const many = (batch: number): string => `
SELECT array_agg(uuidv7()) AS ids, array_agg((1e15 + floor(random() * 8e15))::bigint::text) AS numbers FROM generate_series(1, ${batch}) \\gset
BEGIN;
INSERT INTO orders (id, ${columns}) SELECT id, number, ${user('n')}, ${rest} FROM unnest(:ids::uuid[], :numbers::text[]) WITH ORDINALITY AS t(id, number, n);
INSERT INTO order_history (order_id, version, status, actor, at) SELECT id, 1, 'PENDING', 'customer', now() FROM unnest(:ids::uuid[]) id;
INSERT INTO outbox (topic, part, key, body, event_id, created_at) SELECT 1, 0, convert_to(id::text, 'UTF8'), ${body()}, uuidv7(), now() FROM unnest(:ids::uuid[]) id;
COMMIT;
`;

const folders = (path: string): readonly string[] => (existsSync(path) ? readdirSync(path) : []);
