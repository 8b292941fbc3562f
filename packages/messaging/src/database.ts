import { Client, Pool, types as defaults } from 'pg';
import type { ClientConfig } from 'pg';
import type { Log } from '@g-store/runtime';

export interface ConnectionOptions {
  /** What `pg_stat_activity` shows. */
  readonly applicationName: string;
  /** Statements are sent without waiting for the answers of earlier ones. */
  readonly pipeline?: boolean;
  readonly log?: Log;
  /** The server gives up on a statement after this long; 0: never. Default 30 s. */
  readonly statementTimeoutMs?: number;
}

export interface PoolOptions {
  readonly applicationName: string;
  /** Connections at most. */
  readonly max: number;
  readonly log?: Log;
}

/** One session for long use: it outlives idle networks, and losing it is an event (`end`), never a crash. */
export async function connect(url: string, options: ConnectionOptions): Promise<Client> {
  const client = new Client({ ...settings(url, options), pipeline: options.pipeline ?? false });
  // Without a listener a lost connection would end the process.
  client.on('error', (error) => options.log?.warn({ err: error, session: options.applicationName }, 'lost a session'));
  await client.connect();
  return client;
}

/** Connections for readers, made when needed. */
export function openPool(url: string, options: PoolOptions): Pool {
  const pool = new Pool({ ...settings(url, options), max: options.max, idleTimeoutMillis: 30_000 });
  pool.on('error', (error) => options.log?.warn({ err: error, session: options.applicationName }, 'lost a session'));
  return pool;
}

/** Whether the same statement may succeed when tried again: lost connections, servers stopping, lost races. */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  const { code, message, table } = asFailure(error);
  // No child of the outbox has room for the row: upkeep makes one.
  if (state === '23514' && table === 'outbox') return true;
  if (state !== undefined) return transientStates.test(state);
  return lostSockets.has(code ?? '') || lostConnections.test(message ?? '');
}

/** The five characters by which PostgreSQL says what went wrong, if it was PostgreSQL that said it. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = asFailure(error);
  return severity !== undefined && code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

// 08 connection, 40001 and 40P01 lost races, 53 no room for now, 57P0x the server stops or starts.
const transientStates = /^(08...|40001|40P01|53[0-4]00|57P0[1-5])$/;
const lostSockets = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOTFOUND',
]);
const lostConnections =
  /Connection terminated|timeout expired|Query read timeout|not queryable|Client was closed|connection is closed/i;

const asFailure = (error: unknown): { code?: string; severity?: string; message?: string; table?: string } =>
  typeof error === 'object' && error !== null ? error : {};

const settings = (
  url: string,
  { applicationName, statementTimeoutMs = 30_000, pipeline = false }: ConnectionOptions,
): ClientConfig => ({
  connectionString: withOptions(
    url,
    `-c tcp_user_timeout=10000 -c tcp_keepalives_idle=10${pipeline ? byKeyAlone : ''}`,
  ),
  application_name: applicationName,
  connectionTimeoutMillis: 5_000,
  statement_timeout: statementTimeoutMs,
  // A transaction whose process froze must not hold its locks for ever.
  idle_in_transaction_session_timeout: 30_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  types: { getTypeParser },
});

/** What the URL itself asks of the session, such as its search path, holds beside ours. */
function withOptions(url: string, ours: string): string {
  const address = new URL(url);
  const theirs = address.searchParams.get('options');
  address.searchParams.set('options', theirs === null ? ours : `${theirs} ${ours}`);
  return address.href;
}

// Units of work find rows by their keys, so one plan fits all. It lasts as long as its session, also one made while a
// table was small.
const byKeyAlone = ' -c enable_seqscan=off -c plan_cache_mode=force_generic_plan';

// PostgreSQL's object ids; numeric, uuid, xid8 and pg_snapshot stay text, timestamptz is a Date by default.
const parserByType: Readonly<Record<number, (value: string) => unknown>> = {
  20: BigInt,
  1016: (value) => splitArray(value).map(BigInt),
};

const getTypeParser = ((type: number, format?: 'text') =>
  parserByType[type] ?? defaults.getTypeParser(type, format)) as typeof defaults.getTypeParser;

const splitArray = (text: string): string[] => (text === '{}' ? [] : text.slice(1, -1).split(','));
