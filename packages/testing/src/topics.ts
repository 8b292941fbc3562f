import { randomBytes } from 'node:crypto';
import { silentLog } from '@g-store/runtime';
import { ensureTopics } from '@g-store/messaging';

/** The brokers that the suite `kafka` runs against. */
export function kafkaBrokers(): string[] {
  const brokers = process.env['TEST_KAFKA_BROKERS'];
  if (!brokers) throw new Error('TEST_KAFKA_BROKERS is not set: is the file named *.kafka.test.ts?');
  return brokers.split(',');
}

/** Topics of their own for one test, `{ orders: 3 }` → `{ orders: 'orders-5f2c…' }` with three partitions. */
export async function createTestTopics<Name extends string>(
  partitionsByName: Readonly<Record<Name, number>>,
  options: { readonly brokers?: readonly string[]; readonly replicas?: number } = {},
): Promise<Readonly<Record<Name, string>>> {
  const { brokers = kafkaBrokers(), replicas = 1 } = options;
  const suffix = randomBytes(6).toString('hex');
  const entries = Object.entries<number>(partitionsByName);
  const topics = entries.map(([name, partitions]) => ({ name: `${name}-${suffix}`, partitions }));
  await ensureTopics({ brokers, topics, replicas, log: silentLog });
  return Object.fromEntries(entries.map(([name]) => [name, `${name}-${suffix}`])) as Record<Name, string>;
}
