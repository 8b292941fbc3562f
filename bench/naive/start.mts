import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from '../../packages/testing/src/free-port.ts';
import { cpuOfTree } from '../cpu.mts';

export interface NaiveOptions {
  /** An empty database, and somebody who may make tables in it. */
  readonly url: string;
  readonly brokers: readonly string[];
}

/** Naive services, each a process that runs `<name>.mts` beside this file. */
export interface NaiveServices extends AsyncDisposable {
  addressOf(name: string): string;
  cpuOf(name: string): number;
}

/** Makes the topics anew and starts the services one after another; both are gone at disposal. */
export async function startNaive(
  names: readonly string[],
  topics: readonly string[],
  { url, brokers }: NaiveOptions,
): Promise<NaiveServices> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'bench', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await remakeTopics(admin, topics);
  const started = new Map<string, { readonly child: ChildProcess; readonly port: number }>();
  const stop = async (): Promise<void> => {
    for (const { child } of started.values()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    await admin.deleteTopics({ topics: [...topics] }).catch(() => undefined);
    await admin.disconnect();
  };
  try {
    for (const name of names) {
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
  return {
    addressOf: (name) => `http://127.0.0.1:${started.get(name)?.port}`,
    cpuOf: (name) => cpuOfTree(started.get(name)?.child.pid ?? 0),
    [Symbol.asyncDispose]: stop,
  };
}

async function remakeTopics(admin: ReturnType<Kafka['admin']>, topics: readonly string[]): Promise<void> {
  const here = await admin.listTopics();
  const stale = topics.filter((topic) => here.includes(topic));
  if (stale.length > 0) await admin.deleteTopics({ topics: stale });
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map((topic) => ({ topic, numPartitions: 6, replicationFactor: 1 })),
  });
}

const ready = (child: ChildProcess, name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the naive ${name} ended with ${code}`)));
  });
