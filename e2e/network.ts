import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The network between a client and the gateway, which a test can break where it wants. */
export interface Network extends AsyncDisposable {
  readonly url: string;
  /** The next answer breaks off before its first byte: what was asked for has been done, and nobody hears of it. */
  cutNextAnswer(): void;
  /** Breaks what is open, and lets nothing new through until `up`. */
  down(): void;
  up(): void;
}

export async function startNetwork(to: string): Promise<Network> {
  const { hostname, port } = new URL(to);
  const open = new Set<Socket>();
  let answersToCut = 0;
  let isDown = false;

  const server = createServer((near) => {
    if (isDown) return near.destroy();
    const far = connect(Number(port), hostname);
    const end = (): void => {
      near.destroy();
      far.destroy();
      open.delete(near);
    };
    open.add(near);
    for (const side of [near, far]) side.on('error', end).on('close', end);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (answersToCut === 0) return near.write(bytes);
      answersToCut -= 1;
      return end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = (): void => open.forEach((socket) => socket.destroy());

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutNextAnswer: () => void (answersToCut += 1),
    down() {
      isDown = true;
      breakAll();
    },
    up: () => void (isDown = false),
    async [Symbol.asyncDispose]() {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
