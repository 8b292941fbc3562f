import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour = (response: ServerResponse, number: string) => void;

export interface AccrualStandIn extends AsyncDisposable {
  readonly url: string;
  /** Which numbers were asked for, in order. */
  readonly asked: readonly string[];
  /** What it answers from now on. */
  answer(behaviour: Behaviour): void;
}

export const processed =
  (accrual: number): Behaviour =>
  (response, order) =>
    void response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ order, status: 'PROCESSED', accrual }));

export const unknown: Behaviour = (response) => void response.writeHead(204).end();
export const broken: Behaviour = (response) => void response.writeHead(500).end('Internal Server Error');
export const busy: Behaviour = (response) =>
  void response
    .writeHead(429, { 'content-type': 'text/plain', 'retry-after': '1' })
    .end('No more than 60 requests per minute allowed');

/** The original accrual system as its users know it: no credential, one route. */
export async function startAccrualStandIn(): Promise<AccrualStandIn> {
  const asked: string[] = [];
  let behave: Behaviour = unknown;
  const server = createServer((request, response) => {
    const number = /^\/api\/orders\/(\d+)$/.exec(request.url ?? '')?.[1] ?? '?';
    asked.push(number);
    behave(response, number);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (behaviour) => void (behave = behaviour),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
