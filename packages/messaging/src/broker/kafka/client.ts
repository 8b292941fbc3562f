import { connect } from 'node:net';
import type { Log } from '@g-store/runtime';
import { Kafka, logLevel, type ISocketFactory, type LogEntry } from 'kafkajs';
import { quietenIdleTimers } from './idle-timers.js';

export interface ClientOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log: Log;
}

/** A client that shares nothing with any other: kafkajs keeps a group's offsets per client, where two readers would mix. */
export function createClient({ brokers, clientId, log }: ClientOptions): Kafka {
  if (!quietenIdleTimers()) log.warn({}, 'another version of kafkajs: its idle timers stay');
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 100, factor: 0.2, multiplier: 2, maxRetryTime: 1_000, retries: 3 },
    socketFactory: withoutDelay,
    logLevel: logLevel.WARN,
    logCreator: () => toLog(log),
  });
}

/** Without Nagle's algorithm, which holds back a fetch or heartbeat sent while another is under way. */
const withoutDelay: ISocketFactory = ({ host, port, onConnect }) => {
  const socket = connect({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 10_000);
  return socket;
};

/** What kafkajs calls an error is mostly a broker that is away for a moment, and is tried again. */
const toLog =
  (log: Log) =>
  ({ namespace, level, log: { message, timestamp: _timestamp, logger: _logger, ...fields } }: LogEntry): void => {
    const say = level === logLevel.ERROR ? log.warn : log.debug;
    say({ ...fields, namespace }, message);
  };
