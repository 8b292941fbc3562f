import { connect } from 'node:net';
import { startKafka } from '../src/index.js';

const reachable = (broker: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [host = '', port = ''] = broker.split(':');
    const socket = connect({ host, port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.unref();
    socket.once('connect', () => socket.destroy());
  });

it('a Kafka under the test can be killed and started again on the same port', async () => {
  await using kafka = await startKafka();
  const [node] = kafka.nodes;
  if (node === undefined) throw new Error('no node');
  await node.kill('SIGKILL');
  expect(await reachable(node.broker)).toBe(false);
  await node.start();
  expect(await reachable(node.broker)).toBe(true);
});
