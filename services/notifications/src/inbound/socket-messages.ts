import { z } from 'zod';
import type { Target } from '../live/session.js';

/** What a client says. Properties that nobody asked for are passed over: a newer client may know more. */
export type ClientMessage =
  | { readonly type: 'subscribe'; readonly target: Target; readonly after?: string }
  | { readonly type: 'unsubscribe'; readonly target: Target }
  | { readonly type: 'authenticate'; readonly token: string }
  | { readonly type: 'ping' };

const OrderId = z.guid().transform((id) => id.toLowerCase());
const Scope = z.enum(['mine', 'all']);
const Chosen = z
  .object({ orderId: OrderId.optional(), scope: Scope.optional(), after: z.string().optional() })
  .refine(({ orderId, scope }) => (orderId === undefined) !== (scope === undefined), 'name an orderId or a scope');

const oneTarget = { oneOf: [{ required: ['orderId'] }, { required: ['scope'] }] };

/** What a client may say, by type. */
export const clientMessages = {
  subscribe: Chosen.safeExtend({ type: z.literal('subscribe') }).meta({
    description: 'Watch one order, all of one’s own, or as staff everybody’s; repeats are harmless',
    ...oneTarget,
  }),
  unsubscribe: Chosen.safeExtend({ type: z.literal('unsubscribe') }).meta({
    description: 'Watch it no longer',
    ...oneTarget,
  }),
  authenticate: z
    .object({ type: z.literal('authenticate'), token: z.string() })
    .describe('Go on with another access token of the same user'),
  ping: z.object({ type: z.literal('ping') }).describe('Answered by `pong`'),
} as const;

const { subscribe, unsubscribe, authenticate, ping } = clientMessages;
const Message = z.discriminatedUnion('type', [subscribe, unsubscribe, authenticate, ping]);

/** Undefined for what is no message of ours. */
export function readMessage(text: string): ClientMessage | undefined {
  const result = Message.safeParse(jsonIn(text));
  if (!result.success) return undefined;
  const message = result.data;
  switch (message.type) {
    case 'subscribe':
      return {
        type: 'subscribe',
        target: toTarget(message),
        ...(message.after !== undefined && { after: message.after }),
      };
    case 'unsubscribe':
      return { type: 'unsubscribe', target: toTarget(message) };
    default:
      return message;
  }
}

const toTarget = ({ orderId, scope }: z.output<typeof Chosen>): Target =>
  orderId === undefined ? { scope: scope ?? 'mine' } : { orderId };

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
