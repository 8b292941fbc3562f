import { createTestTopics, kafkaBrokers } from '@g-store/testing';
import { silentLog } from '@g-store/runtime';
import { createKafkaBroker, type Broker } from '../src/index.js';
import { brokerContract } from './broker-contract.js';

brokerContract('Kafka', async () => {
  const connected: Broker[] = [];
  return {
    async connect() {
      const broker = createKafkaBroker({ brokers: kafkaBrokers(), clientId: 'contract', log: silentLog });
      connected.push(broker);
      return broker;
    },
    topic: async (partitions) => (await createTestTopics({ contract: partitions })).contract,
    dispose: async () => void (await Promise.all(connected.map((broker) => broker.close()))),
  };
});
