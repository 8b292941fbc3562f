import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import { cpuOfTree } from '../cpu.mts';
import { customerOf, jsonOver, ORDER_AMOUNT, type Shop } from '../shop.mts';
import { naiveTopics } from './parts.mts';

export const naiveParts = ['orders', 'payments', 'notifications'] as const;

export interface NaiveShop extends Shop {
  cpuOf(part: (typeof naiveParts)[number]): number;
}

export interface NaiveOptions {
  /** An empty database, and somebody who may make tables in it. */
  readonly url: string;
  readonly brokers: readonly string[];
  readonly connections: number;
}

/**
 * The shop as one writes it at first: express, a transaction per request and per message, an outbox that is polled twice a
 * second. It is spared the gateway, tokens, validation, idempotency keys, history, double-entry and repeats.
 */
export async function startNaiveShop({ url, brokers, connections }: NaiveOptions): Promise<NaiveShop> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'bench', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await remakeTopics(admin);
  const started = new Map<string, { readonly child: ChildProcess; readonly port: number }>();
  const stop = async (): Promise<void> => {
    for (const { child } of started.values()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    await admin.deleteTopics({ topics: [...naiveTopics] }).catch(() => undefined);
    await admin.disconnect();
  };
  try {
    for (const name of naiveParts) {
      const port = await freePort();
      const file = join(import.meta.dirname, `${name}.mts`);
      const child = fork(file, [url, brokers.join(','), String(port)], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      started.set(name, { child, port });
      await ready(child, name);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const addressOf = (name: string): string => `http://127.0.0.1:${started.get(name)?.port}`;
  const orders = new Pool(addressOf('orders'), { connections });
  const payments = new Pool(addressOf('payments'), { connections: 2 });

  return {
    async customer() {
      const as = { 'x-user-id': randomUUID() };
      await jsonOver(payments)('POST', '/v1/accounts', 201, as, { balance: 1_000_000_000 });
      const json = jsonOver(orders);
      return customerOf({
        place: async () =>
          (await json<{ orderId: string }>('POST', '/v1/orders', 201, as, { amount: ORDER_AMOUNT })).orderId,
        status: async (id) => (await json<{ status: string }>('GET', `/v1/orders/${id}`, 200, as)).status,
        socket: () => new WebSocket(addressOf('notifications').replace('http', 'ws'), { headers: as }),
      });
    },
    cpuOf: (name) => cpuOfTree(started.get(name)?.child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      await Promise.all([orders.close(), payments.close()]);
      await stop();
    },
  };
}

async function remakeTopics(admin: ReturnType<Kafka['admin']>): Promise<void> {
  const here = await admin.listTopics();
  const stale = naiveTopics.filter((topic) => here.includes(topic));
  if (stale.length > 0) await admin.deleteTopics({ topics: stale });
  await admin.createTopics({
    waitForLeaders: true,
    topics: naiveTopics.map((topic) => ({ topic, numPartitions: 6, replicationFactor: 1 })),
  });
}

const ready = (child: ChildProcess, name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the naive ${name} ended with ${code}`)));
  });

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
