import { randomUUID } from 'node:crypto';
import { decode, PointsEvent } from '@g-store/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { createTold, type Told } from '../journey/drain.mts';

/** The request that a record tells of; undefined of any other. */
export type RequestIn = (value: Buffer) => string | undefined;

export const requestInOurs: RequestIn = (value) => {
  const event = decode(PointsEvent, value);
  return event.case === 'adjusted' ? event.value.requestId : undefined;
};

export const requestInNaive: RequestIn = (value) => (JSON.parse(String(value)) as { requestId: string }).requestId;

/** Hears on Kafka which requests were applied, as whoever asked for them would. */
export async function hearApplied(
  brokers: readonly string[],
  topic: string,
  requestIn: RequestIn,
): Promise<Told & AsyncDisposable> {
  const told = createTold();
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'bench', logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `bench-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) {
        const requestId = value === null ? undefined : requestIn(value);
        if (requestId !== undefined) told.heard(requestId);
      }
    },
  });
  await joined;
  return Object.assign(told, { [Symbol.asyncDispose]: () => consumer.disconnect() });
}
