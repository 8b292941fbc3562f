import { randomUUID } from 'node:crypto';
import {
  systemClock,
  systemRandomness,
  systemTimers,
  type Clock,
  type Log,
  type Randomness,
  type Timers,
} from '@g-store/runtime';
import type { Broker, Reading } from '../broker.js';
import { createAppender, createSender } from './kafka/appender.js';
import { createClient, type KafkaSecurity } from './kafka/client.js';
import { defaultTuning, type ConsumerTuning } from './kafka/consumer.js';
import { startFullReading } from './kafka/full-reading.js';
import { startGroupReading, type ReadingDependencies } from './kafka/group-reading.js';
import { createQuestions } from './kafka/questions.js';

export interface KafkaBrokerOptions {
  /** `host:port` of some nodes; the others are learnt from them. */
  readonly brokers: readonly string[];
  readonly security?: KafkaSecurity;
  readonly clientId: string;
  readonly log: Log;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly randomness?: Randomness;
  readonly tuning?: Partial<ConsumerTuning>;
}

/** Kafka through kafkajs. Nothing is connected before it is used; Kafka may be away at any time, from the start on. */
export function createKafkaBroker(options: KafkaBrokerOptions): Broker {
  const { log, clock = systemClock, timers = systemTimers, randomness = systemRandomness } = options;
  const client = () => createClient(options);
  const appender = createAppender({ open: () => createSender(client()), log });
  const questions = createQuestions(client());
  const tuning = { ...defaultTuning, ...options.tuning };
  const dependencies: ReadingDependencies = { client, questions, tuning, clock, timers, randomness, log };
  const readings = new Set<Reading>();

  const kept = (reading: Reading): Reading => {
    readings.add(reading);
    const close = reading[Symbol.asyncDispose].bind(reading);
    let closing: Promise<void> | undefined;
    reading[Symbol.asyncDispose] = () => {
      readings.delete(reading);
      return (closing ??= Promise.resolve(close()));
    };
    return reading;
  };

  return {
    append: appender.append,
    readAsGroup: async (reading) => kept(startGroupReading(reading, dependencies)),
    readEverything: async (reading) =>
      kept(startFullReading(reading, `${options.clientId}-${randomUUID()}`, dependencies)),
    partitions: questions.partitions,
    async earliest(topic, partition) {
      const ends = (await questions.ends(topic)).get(partition);
      if (ends === undefined) throw new Error(`there is no partition ${partition} of topic ${topic}`);
      return ends.low;
    },
    clusterId: questions.clusterId,
    async close() {
      await Promise.all([appender.close(), ...[...readings].map((reading) => reading[Symbol.asyncDispose]())]);
      await questions.close();
    },
  };
}
