import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour = (request: IncomingMessage, response: ServerResponse, number: string) => void;

export interface AccrualStandIn extends AsyncDisposable {
  readonly url: string;
  /** The numbers that were asked for, in order. */
  readonly asked: string[];
  readonly keys: Set<string | undefined>;
  /** The most connections that were open at once. */
  readonly mostConnections: () => number;
  /** How it answers about a number; about all others as `always` says. */
  behave(number: string, behaviour: Behaviour): void;
  always: Behaviour;
}

export const answering =
  (body: object | string, status = 200, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (_request, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

export const processed =
  (accrual: unknown): Behaviour =>
  (request, response, order) =>
    answering({ order, status: 'PROCESSED', accrual })(request, response, order);

export const unknown: Behaviour = (_request, response) => void response.writeHead(204).end();

/** An accrual system that does whatever a test wants it to. */
export async function startAccrualStandIn(): Promise<AccrualStandIn> {
  const behaviours = new Map<string, Behaviour>();
  const asked: string[] = [];
  const keys = new Set<string | undefined>();
  const standIn = { always: unknown };
  const server = createServer((request, response) => {
    const number = /^\/api\/orders\/(\d+)$/.exec(request.url ?? '')?.[1] ?? '?';
    asked.push(number);
    keys.add(request.headers['x-staff-api-key']?.toString());
    (behaviours.get(number) ?? standIn.always)(request, response, number);
  });
  let [open, most] = [0, 0];
  server.on('connection', (socket) => {
    most = Math.max(most, (open += 1));
    socket.on('close', () => (open -= 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(standIn, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    keys,
    mostConnections: () => most,
    behave: (number: string, behaviour: Behaviour) => void behaviours.set(number, behaviour),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
