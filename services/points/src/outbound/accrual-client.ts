import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AccrualSystem, Answer } from '../application/accrual-system.js';
import { answerIn } from './accrual-answer.js';

export interface AccrualClientOptions {
  readonly address: URL;
  /** Sent as `X-Staff-API-Key`, for a system that asks for one. */
  readonly key?: string | undefined;
  /** Connections at most. */
  readonly concurrency?: number;
  readonly timeoutMs?: number;
}

const MOST_BYTES = 16 * 1024;

/** Asks one accrual system: no redirects, no unpacking, not for longer than 2 s, and not more bytes than an answer can have. */
export function createAccrualClient({
  address,
  key,
  concurrency = 16,
  timeoutMs = 2_000,
}: AccrualClientOptions): AccrualSystem {
  const isSecure = address.protocol === 'https:';
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: concurrency });
  const request = isSecure ? httpsRequest : httpRequest;
  const base = address.href.replace(/\/+$/, '');
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...(key === undefined ? {} : { 'x-staff-api-key': key }),
  };

  const ask = (number: string): Promise<Answer> =>
    new Promise((resolve) => {
      const fail = (why: string): void => resolve({ kind: 'failed', why });
      const sent = request(`${base}/api/orders/${number}`, { agent, headers });
      const limit = setTimeout(() => sent.destroy(new Error('no whole answer in time')), timeoutMs);
      sent.on('response', (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > MOST_BYTES) sent.destroy(new Error('the answer is too large'));
        });
        response.on('end', () => {
          if (!response.complete) return fail('half an answer');
          const { statusCode: status = 0, headers: got } = response;
          resolve(answerIn(number, { status, headers: got, body: Buffer.concat(chunks).toString('utf8') }));
        });
        response.on('error', (error) => fail(error.message));
      });
      sent.on('error', (error) => fail(error.message));
      sent.on('close', () => {
        clearTimeout(limit);
        fail('the connection was closed'); // counts only if nothing was said before
      });
      sent.end();
    });

  return { ask, [Symbol.dispose]: () => agent.destroy() };
}
