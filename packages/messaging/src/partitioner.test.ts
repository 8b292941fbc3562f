import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { partitionFor } from './partitioner.js';

describe('which partition an order goes to', () => {
  // Values of org.apache.kafka.common.utils.Utils.murmur2, from Kafka's own UtilsTest, masked to be positive.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('is where Kafka itself would put "%s"', (key, hash) => {
    const many = 2 ** 31 - 1;
    expect(partitionFor(Buffer.from(key), many)).toBe((hash & 0x7fffffff) % many);
  });

  it('is where the client library would put it, whatever the key', () => {
    const choose = Partitioners.DefaultPartitioner();
    const metadata = Array.from({ length: 6 }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      partitionErrorCode: 0,
      replicas: [],
      isr: [],
    }));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
        const key = Buffer.from(bytes);
        expect(partitionFor(key, 6)).toBe(
          choose({ topic: 't', partitionMetadata: metadata, message: { key, value: null } }),
        );
      }),
    );
  });
});
