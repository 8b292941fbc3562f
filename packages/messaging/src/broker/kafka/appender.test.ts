import { silentLog } from '@g-store/runtime';
import type { ProducerBatch, RecordMetadata } from 'kafkajs';
import { partitionKey, type OutgoingRecord } from '../../broker.js';
import { createAppender, type Sender } from './appender.js';

type Answer = (request: ProducerBatch) => Promise<RecordMetadata[]>;

const confirm: Answer = async ({ topicMessages = [] }) =>
  topicMessages.flatMap(({ topic, messages }) =>
    [...new Set(messages.map(({ partition = 0 }) => partition))].map((partition) => ({
      topicName: topic,
      partition,
      errorCode: 0,
    })),
  );

/** Stands where Kafka stands, and answers as it is told. */
function atTheEdge(answers: readonly Answer[]) {
  const requests: ProducerBatch[] = [];
  const opened: Sender[] = [];
  const open = (): Sender => {
    const sender: Sender = {
      connect: async () => {},
      disconnect: async () => {},
      sendBatch: (request) => {
        requests.push(request);
        return (answers[requests.length - 1] ?? confirm)(request);
      },
    };
    opened.push(sender);
    return sender;
  };
  return { requests, opened, appender: createAppender({ open, log: silentLog }) };
}

const record = (partition: number, text = 'x', topic = 'orders'): OutgoingRecord => ({
  topic,
  partition,
  key: Buffer.from('k'),
  value: Buffer.from(text),
});
const textsOf = ({ topicMessages = [] }: ProducerBatch): string[] =>
  topicMessages.flatMap(({ messages }) => messages.map(({ value }) => String(value)));

describe('an append to Kafka', () => {
  it('does not count when the answer is silent about one of its partitions, as after a leader has moved', async () => {
    const { appender } = atTheEdge([async () => [{ topicName: 'orders', partition: 0, errorCode: 0 }]]);
    await expect(appender.append([record(0), record(1)])).rejects.toThrow('not confirmed: orders/1');
    await expect(appender.append([record(0), record(1)])).resolves.toBeUndefined();
  });

  it('does not count when the answer names the partition of another topic', async () => {
    const { appender } = atTheEdge([async () => [{ topicName: 'payments', partition: 0, errorCode: 0 }]]);
    await expect(appender.append([record(0)])).rejects.toThrow('not confirmed: orders/0');
  });

  it('does not count when a partition is named with an error', async () => {
    const { appender } = atTheEdge([
      async () => [0, 1].map((partition) => ({ topicName: 'orders', partition, errorCode: partition * 6 })),
    ]);
    await expect(appender.append([record(0), record(1)])).rejects.toThrow('not confirmed: orders/1');
  });

  it('waits for the one before it on the same partition, and for no other', async () => {
    const first = Promise.withResolvers<RecordMetadata[]>();
    const { appender, requests } = atTheEdge([() => first.promise]);
    const appends = [
      appender.append([record(0, 'first')]),
      appender.append([record(0, 'second')]),
      appender.append([record(1, 'elsewhere')]),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    expect(requests.map(textsOf)).toEqual([['first'], ['elsewhere']]);
    first.resolve([{ topicName: 'orders', partition: 0, errorCode: 0 }]);
    await Promise.all(appends);
    expect(requests.map(textsOf)).toEqual([['first'], ['elsewhere'], ['second']]);
  });

  it('takes those behind it along when it fails, or they would overtake it', async () => {
    const { appender, requests } = atTheEdge([async () => Promise.reject(new Error('gone'))]);
    const appends = [appender.append([record(0, 'first')]), appender.append([record(0, 'second')])];
    await expect(Promise.allSettled(appends)).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(requests.map(textsOf)).toEqual([['first']]);
    await expect(appender.append([record(0, 'first')])).resolves.toBeUndefined();
  });

  it('is cut into requests that Kafka takes, each in order', async () => {
    const { appender, requests } = atTheEdge([]);
    const many = Array.from({ length: 4_500 }, (_, i) => record(i % 3, String(i)));
    await appender.append(many);
    expect(requests.map((request) => textsOf(request).length)).toEqual([2_000, 2_000, 500]);
    expect(requests.flatMap(textsOf)).toEqual(many.map(({ value }) => String(value)));
    requests.length = 0;
    await appender.append(Array.from({ length: 5 }, () => record(0, 'y'.repeat(300_000))));
    expect(requests.map((request) => textsOf(request).length)).toEqual([2, 2, 1]);
  });

  it('begins with a new connection after failing again and again', async () => {
    const fail: Answer = () => Promise.reject(new Error('stuck'));
    const { appender, opened } = atTheEdge([fail, fail, fail]);
    for (let i = 0; i < 3; i += 1) await expect(appender.append([record(0)])).rejects.toThrow('stuck');
    await appender.append([record(0)]);
    expect(opened).toHaveLength(2);
  });

  it('tells Kafka the partition itself', async () => {
    const { appender, requests } = atTheEdge([]);
    await appender.append([record(2), record(5)]);
    const [{ topicMessages: [{ messages } = { messages: [] }] = [] } = {}] = requests;
    expect(messages.map(({ partition }) => partitionKey('orders', partition ?? -1))).toEqual(['orders/2', 'orders/5']);
  });
});
