import { z } from 'zod';
import { clientMessages } from './socket-messages.js';

const orderId = z.guid().describe('The order');
const at = z.iso.datetime().describe('When it happened, UTC');
const version = z.int().min(1).describe('Counts the changes of the order or account: a smaller one is older news');
const position = z
  .string()
  .describe('Opaque; holds on every instance. Given back as `after` it resumes right behind this message');
const Target = z.union([z.object({ orderId }), z.object({ scope: z.enum(['mine', 'all']) })]);
const AccountChange = z.object({
  accountId: z.string(),
  balance: z.int().describe('After the change'),
  change: z.int().describe('Negative when it became less'),
  kind: z.string().describe('Why it changed'),
  orderId: orderId.optional(),
  orderNumber: z.string().optional(),
  version,
  at,
});
const changed = (type: string, what: string) =>
  z.object({ type: z.literal(type), data: AccountChange, position }).describe(what);

/** What a socket is told, by type; nothing else is ever sent. */
export const serverMessages = {
  subscribed: z
    .object({
      type: z.literal('subscribed'),
      data: z.intersection(
        Target,
        z.object({ recovered: z.boolean().describe('False: read the state again, nothing was replayed') }),
      ),
      position,
    })
    .describe('The answer to `subscribe`; the present state of an order follows, or what was missed'),
  unsubscribed: z.object({ type: z.literal('unsubscribed'), data: Target }).describe('The answer to `unsubscribe`'),
  authenticated: z
    .object({ type: z.literal('authenticated'), data: z.object({ expiresAt: z.iso.datetime() }) })
    .describe('The new token is in force'),
  pong: z.object({ type: z.literal('pong') }).describe('The answer to `ping`'),
  error: z
    .object({
      type: z.literal('error'),
      data: z.object({
        code: z.enum(['order_not_found', 'unavailable', 'forbidden', 'unauthenticated', 'validation_failed']),
        message: z.string(),
        orderId: orderId.optional(),
      }),
    })
    .describe('What was asked for cannot be; the socket stays open'),
  'order.status.changed': z
    .object({
      type: z.literal('order.status.changed'),
      data: z.object({
        orderId,
        status: z.enum(['PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED']),
        version,
        at,
      }),
      position,
    })
    .describe('Where an order has come to; also its present state after `subscribe`'),
  'order.cancelled': z
    .object({
      type: z.literal('order.cancelled'),
      data: z.object({ orderId, reason: z.string(), version, at }),
      position,
    })
    .describe('An order was cancelled; also its present state after `subscribe`'),
  'balance.changed': changed('balance.changed', 'Money on an account, in minor units'),
  'points.changed': changed('points.changed', 'Points on an account, in 1/100 point'),
} as const;

export interface SocketSchemas {
  readonly clientMessages: Readonly<Record<string, object>>;
  readonly serverMessages: Readonly<Record<string, object>>;
}

/** Both directions as JSON Schema, for whoever writes a client without our code. */
export const socketSchemas = (): SocketSchemas => ({
  clientMessages: jsonSchemas(clientMessages),
  serverMessages: jsonSchemas(serverMessages),
});

const jsonSchemas = (schemas: Readonly<Record<string, z.ZodType>>): Readonly<Record<string, object>> =>
  Object.fromEntries(
    Object.entries(schemas).map(([type, schema]) => {
      const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
      return [type, rest];
    }),
  );
