import { connect } from 'node:net';

/** How many brokers a node knows: a Metadata request answered, which an open port alone does not promise. */
export function knownBrokers(broker: string): Promise<number> {
  const [host = '', port = ''] = broker.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port) });
    const received: Buffer[] = [];
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
    socket.once('connect', () => socket.write(metadataRequest()));
    socket.on('data', (chunk) => {
      received.push(chunk);
      const answer = Buffer.concat(received);
      if (answer.length < 16 || answer.length < 4 + answer.readInt32BE(0)) return;
      resolve(answer.readInt32BE(12)); // after size, correlation id and throttle time
      socket.destroy();
    });
  });
}

/** Metadata, version 4, no topics, nothing created. */
function metadataRequest(): Buffer {
  const client = Buffer.from('probe');
  const body = Buffer.alloc(2 + 2 + 4 + 2 + client.length + 4 + 1);
  let at = body.writeInt16BE(3, 0);
  at = body.writeInt16BE(4, at);
  at = body.writeInt32BE(1, at);
  at = body.writeInt16BE(client.length, at);
  at += client.copy(body, at);
  at = body.writeInt32BE(0, at);
  body.writeInt8(0, at);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length, 0);
  return Buffer.concat([size, body]);
}
