import { orderStatuses, storeReasons } from '../domain/order.js';
import { z } from 'zod';

/** A UUID in any spelling; the same one always reads the same. */
export const uuid = z.guid().toLowerCase().meta({ format: 'uuid' });
export const orderParams = z.strictObject({ id: uuid });

const minorUnits = z.int().max(1_000_000_000_000).describe('in minor units of the currency');

const lineSchema = z.strictObject({
  sku: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('goods of the catalogue: the catalogue tells description and price'),
  description: z.string().min(1).max(500).optional().describe('required without a sku'),
  price: minorUnits
    .min(0)
    .optional()
    .describe('required without a sku; with one, the price that the customer was shown'),
  quantity: z.int().min(1).max(1_000),
});

export const placeBody = z
  .strictObject({
    amount: minorUnits.optional().meta({ minimum: 1, description: 'in minor units, above 0; instead of items' }),
    items: z.array(lineSchema).max(100).optional().describe('instead of an amount'),
    description: z.string().max(1_000).optional(),
    pointsToSpend: z.int().min(0).max(1_000_000_000_000).default(0).describe('in 1/100 point; at most the amount'),
  })
  .meta({ id: 'PlaceOrder' });

export const cancelBody = z.strictObject({ cancellationReason: z.literal('CHANGED_MIND') }).meta({ id: 'CancelOrder' });
export const staffCancelBody = z
  .strictObject({ cancellationReason: z.enum(storeReasons) })
  .meta({ id: 'CancelOrderByStaff' });
export const statusBody = z
  .strictObject({ status: z.string().meta({ examples: ['ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'] }) })
  .meta({ id: 'AdvanceOrder' });

const whenGiven = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** An empty parameter, as forms send it, is as good as none. */
export const staffFilter = {
  status: whenGiven(z.string()),
  userId: whenGiven(uuid),
  q: whenGiven(z.string().max(200)).describe(
    'the beginning of a number, the id of an order or a person, or words of a description',
  ),
};

/** A place in a list, and the number of the page that begins there. */
export const cursorSchema = z
  .tuple([z.iso.datetime(), z.guid(), z.int().min(1)])
  .transform(([createdAt, id, page]) => ({ after: { createdAt: new Date(createdAt), id }, page }));

export const placedAnswer = z.object({ orderId: uuid }).meta({ id: 'OrderPlaced' });

const status = z.enum(orderStatuses);
const reason = z.enum([
  'CHANGED_MIND',
  ...storeReasons,
  'NO_PAYMENT_ACCOUNT',
  'INSUFFICIENT_FUNDS',
  'PAYMENT_INTERNAL_ERROR',
  'INSUFFICIENT_POINTS',
]);
const time = z.iso.datetime();

export const orderAnswer = z
  .object({
    id: uuid,
    number: z.string().describe('digits, Luhn-valid'),
    userId: uuid,
    amount: minorUnits,
    currency: z.string(),
    status,
    cancellationReason: reason.optional(),
    description: z.string().optional(),
    items: z.array(
      z.object({ sku: z.string().optional(), description: z.string(), price: minorUnits, quantity: z.int() }),
    ),
    points: z
      .object({
        spent: z.int().describe('0 until they are, and again once the order is cancelled: then they are returned'),
        earned: z.int(),
      })
      .describe('in 1/100 point'),
    version: z.int(),
    createdAt: time,
    updatedAt: time,
    allowedActions: z.array(z.string()).describe('what the caller may do now: `cancel`, `status:<STATE>`'),
  })
  .meta({ id: 'Order' });

export const listAnswer = z
  .object({
    orders: z.array(orderAnswer),
    total: z.int(),
    page: z.int(),
    limit: z.int(),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'OrderList' });

export const historyAnswer = z
  .object({
    entries: z.array(z.object({ status, reason: reason.optional(), actor: z.string(), at: time, version: z.int() })),
  })
  .meta({ id: 'OrderHistory' });

export const catalogueAnswer = z
  .object({ items: z.array(z.object({ sku: z.string(), description: z.string(), price: minorUnits })) })
  .meta({ id: 'Catalogue' });
