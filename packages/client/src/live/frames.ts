import type { Change } from './changes.js';
import type { Target } from './live.js';

/** What the shop says on the socket. What is not known here is passed over: a newer shop may say more. */
export type Frame =
  | { readonly type: 'change'; readonly change: Change; readonly position: string | undefined }
  | {
      readonly type: 'subscribed';
      readonly name: string;
      readonly recovered: boolean;
      readonly position: string | undefined;
    }
  | { readonly type: 'error'; readonly code: string; readonly message: string; readonly orderId: string | undefined }
  | { readonly type: 'pong' }
  | { readonly type: 'other' };

export type Subscribe = { readonly type: 'subscribe'; readonly after?: string } & Target;

/** What is said to the shop. */
export type Message =
  | Subscribe
  | ({ readonly type: 'unsubscribe' } & Target)
  | { readonly type: 'authenticate'; readonly token: string }
  | { readonly type: 'ping' };

/** One name per thing that can be watched. */
export const nameOf = (target: Target): string => ('orderId' in target ? target.orderId.toLowerCase() : target.scope);

interface Received {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly position: string | undefined;
}

/** Undefined for what is no message at all: then nothing on this connection can be believed any more. */
export function readFrame(text: unknown): Frame | undefined {
  const received = receivedIn(text);
  if (received === undefined) return undefined;
  const { type, data, position } = received;
  switch (type) {
    case 'order.status.changed':
    case 'order.cancelled':
    case 'balance.changed':
    case 'points.changed': {
      const known = typeof data['version'] === 'number' && typeof (data['orderId'] ?? data['accountId']) === 'string';
      return known ? { type: 'change', change: { type, data } as unknown as Change, position } : undefined;
    }
    case 'subscribed': {
      const name = data['orderId'] ?? data['scope'];
      return typeof name === 'string'
        ? { type: 'subscribed', name, recovered: data['recovered'] === true, position }
        : undefined;
    }
    case 'error': {
      const { code, message, orderId } = data;
      return {
        type: 'error',
        code: String(code),
        message: String(message),
        orderId: typeof orderId === 'string' ? orderId : undefined,
      };
    }
    case 'pong':
      return { type: 'pong' };
    default:
      return { type: 'other' };
  }
}

function receivedIn(text: unknown): Received | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value = JSON.parse(text) as Partial<Received> | null;
    if (typeof value?.type !== 'string') return undefined;
    const data = typeof value.data === 'object' && value.data !== null ? value.data : {};
    return { type: value.type, data, position: typeof value.position === 'string' ? value.position : undefined };
  } catch {
    return undefined;
  }
}
