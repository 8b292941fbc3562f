import { setTimeout as sleep } from 'node:timers/promises';
import { ToolRefused } from '../verify/where.mts';

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** The shop as one signed-in person calls it, through the gateway. */
export interface Shop {
  ask<T>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Answer<T>>;
}

const patience = 20;

/** Waits where it is told to (429, 503). @throws ToolRefused when the gateway does not answer */
export const shopAt = (gateway: string, token?: string): Shop => ({
  async ask<T>(method: string, path: string, body?: unknown, idempotencyKey?: string) {
    for (let tries = 1; ; tries += 1) {
      const response = await fetch(new URL(path, gateway), {
        method,
        signal: AbortSignal.timeout(30_000),
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }).catch((error: Error) => {
        throw new ToolRefused(`${gateway} does not answer: ${error.message}`);
      });
      const text = await response.text();
      if ((response.status !== 429 && response.status !== 503) || tries > patience)
        return { status: response.status, body: parse(text) as T };
      await sleep(1_000 * Math.min(10, Number(response.headers.get('retry-after')) || 1));
    }
  },
});

/** The body of an answer that must be one of these. @throws ToolRefused with what came instead */
export function expected<T>(what: string, { status, body }: Answer<T>, ...statuses: readonly number[]): T {
  if (statuses.includes(status)) return body;
  throw new ToolRefused(`${what}: expected ${statuses.join(' or ')}, got ${status} ${JSON.stringify(body) ?? ''}`);
}

export async function signIn(gateway: string, login: string, password: string): Promise<Shop> {
  const answer = await shopAt(gateway).ask<{ accessToken: string }>('POST', '/api/identity/v1/sessions', {
    login,
    password,
  });
  return shopAt(gateway, expected(`${login} signs in`, answer, 200).accessToken);
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
