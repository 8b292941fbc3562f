import type { Client } from 'pg';
import type { Log } from '@g-store/runtime';
import { connect } from '../database.js';

/** The relay's two connections: one reads and writes ticks, the other keeps the lease whatever the first is busy with. */
export interface Session extends AsyncDisposable {
  readonly main: Client;
  readonly side: Client;
  /** False as soon as one of them is lost. */
  alive(): boolean;
}

export interface SessionOptions {
  readonly databaseUrl: string;
  readonly log: Log;
  readonly onWake: () => void;
  readonly onLost: () => void;
}

export const wakeChannel = 'outbox_wake';

export async function openSession({ databaseUrl, log, onWake, onLost }: SessionOptions): Promise<Session> {
  const clients: Client[] = [];
  let alive = true;
  const open = async (applicationName: string, statementTimeoutMs: number): Promise<Client> => {
    // Lease, wake-ups and samples share a connection and do not wait for one another.
    const client = await connect(databaseUrl, { applicationName, log, statementTimeoutMs, pipeline: true });
    clients.push(client);
    client.on('end', () => {
      alive = false;
      onLost();
    });
    return client;
  };
  const end = async (): Promise<void> => {
    await Promise.allSettled(clients.map((client) => client.end()));
  };
  try {
    const main = await open('relay', backlogTimeoutMs);
    const side = await open('relay-lease', leaseTimeoutMs);
    await main.query(mainSettings);
    side.on('notification', onWake);
    await side.query(`LISTEN ${wakeChannel}`);
    return { main, side, alive: () => alive, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

// The first page of a tick is found among all of its rows, which after a long outage may be many millions.
const backlogTimeoutMs = 600_000;
const leaseTimeoutMs = 10_000;

// A tick lost in a crash of the server is a tick published twice, never an event lost: it need not wait for the disk.
const mainSettings = `
SET max_parallel_workers_per_gather = 0;
SET enable_seqscan = off;
SET plan_cache_mode = force_generic_plan;
SET synchronous_commit = off`;
