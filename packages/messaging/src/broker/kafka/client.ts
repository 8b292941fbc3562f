import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Log } from '@g-store/runtime';
import { Kafka, logLevel, type ISocketFactory, type LogEntry } from 'kafkajs';
import { quietenIdleTimers } from './idle-timers.js';

/** How a Kafka that asks who is there is told so: TLS, and a password by SCRAM. */
export interface KafkaSecurity {
  /** Certificates in PEM of whoever vouches for the brokers. */
  readonly ca: string;
  readonly username: string;
  readonly password: string;
}

export interface ClientOptions {
  readonly brokers: readonly string[];
  /** Without it nothing is encrypted and nobody is asked who they are. */
  readonly security?: KafkaSecurity;
  readonly clientId: string;
  readonly log: Log;
}

/** A client that shares nothing with any other: kafkajs keeps a group's offsets per client, where two readers would mix. */
export function createClient({ brokers, security, clientId, log }: ClientOptions): Kafka {
  if (!quietenIdleTimers()) log.warn({}, 'another version of kafkajs: its idle timers stay');
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 100, factor: 0.2, multiplier: 2, maxRetryTime: 1_000, retries: 3 },
    socketFactory: withoutDelay,
    ...(security && {
      ssl: { ca: [security.ca] },
      sasl: { mechanism: 'scram-sha-512', username: security.username, password: security.password },
    }),
    logLevel: logLevel.WARN,
    logCreator: () => toLog(log),
  });
}

/** Without Nagle's algorithm, which holds back a fetch or heartbeat sent while another is under way. */
const withoutDelay: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectTls({ host, port, ...(!isIP(host) && { servername: host }), ...ssl }, onConnect)
    : connect({ host, port }, onConnect);
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
