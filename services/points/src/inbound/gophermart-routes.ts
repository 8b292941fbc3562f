import { accepted, createRouting, exactDecimal, exactNumber, noContent, none, ok } from '@g-store/http';
import type { Authenticate, Reply, Route } from '@g-store/http';
import { formatDecimal } from '@g-store/values';
import { z } from 'zod';
import { withdrawPoints } from '../application/accounts.js';
import type { Reader } from '../application/reader.js';
import type { UploadReader } from '../application/upload-reader.js';
import type { UploadAnnouncements, UploadWork } from '../application/upload-work.js';
import { uploadOrder } from '../application/uploads.js';
import type { Announcement, Announcements } from '../application/work.js';
import { checkNumber } from '../domain/upload.js';
import { withPaymentRequired } from './gophermart-problems.js';

export interface GophermartDependencies {
  readonly reader: Pick<Reader, 'account'>;
  readonly uploads: UploadReader;
  readonly announcements: Announcements & UploadAnnouncements;
  /** Takes this API's tokens and cookie beside the shop's tokens. */
  readonly authenticate: Authenticate;
  /** Told after an order was uploaded. */
  readonly onUploaded: () => void;
}

const { route } = createRouting<UploadWork, readonly Announcement[]>();

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const number = z.string().trim().min(1, 'the order number is missing');
const UploadBody = z
  .union([number, z.strictObject({ orderId: z.union([number, z.int().nonnegative().transform(String)]) })])
  .transform((body) => (typeof body === 'string' ? body : body.orderId))
  .meta({ type: 'string', description: 'digits, the last one the check digit', examples: ['12345678903'] });
const WithdrawBody = z.strictObject({
  order: z.string().trim(),
  sum: exactDecimal({ min: 1n, sentence: 'sum must be positive' }),
});

const decimal = z.number();
const Uploads = z.array(
  z.object({
    number: z.string(),
    status: z.enum(['NEW', 'PROCESSING', 'INVALID', 'PROCESSED']),
    accrual: decimal.optional(),
    uploaded_at: z.iso.datetime(),
  }),
);
const Withdrawals = z.array(z.object({ order: z.string(), sum: decimal, processed_at: z.iso.datetime() }));
const Refused = z.looseObject({ code: z.string(), error: z.string() });

/** The API of Gophermart's users; `register` and `login` are identity's. Lists are whole, up to the newest 10,000 lines. */
export function gophermartRoutes(dependencies: GophermartDependencies): readonly Route[] {
  const { reader, uploads, announcements, authenticate, onUploaded } = dependencies;
  const common = { tags: ['gophermart'], caller: 'customer', authenticate } as const;
  return [
    route(
      {
        ...common,
        method: 'post',
        path: '/api/user/orders',
        summary: 'Upload an order number',
        description: '202: it is new. 200: you have uploaded it before.',
        accepts: 'text',
        gzip: true,
        body: UploadBody,
        answers: { 200: none, 202: none, 409: Refused, 422: Refused },
      },
      async ({ body, caller: { userId }, transact }) => {
        checkNumber(body);
        const { upload, orderByNumber, earned } = announcements;
        const reply = await transact([orderByNumber(body), upload(body), earned(body)], async (work) =>
          (await uploadOrder(work, { number: body, userId })) ? accepted() : ok(),
        );
        onUploaded();
        return reply;
      },
    ),

    route(
      {
        ...common,
        method: 'get',
        path: '/api/user/orders',
        summary: 'My uploads, newest first',
        description: 'The newest 10,000; 204 when there are none.',
        answers: { 200: Uploads, 204: none },
      },
      async ({ caller }) =>
        listed(await uploads.uploads(caller.userId), ({ number: order, status, accrual, uploadedAt }) => ({
          number: order,
          status,
          ...(accrual === undefined ? {} : { accrual: written(accrual) }),
          uploaded_at: uploadedAt,
        })),
    ),

    route(
      {
        ...common,
        method: 'get',
        path: '/api/user/balance',
        summary: 'My points, and how many I have withdrawn',
        answers: { 200: z.object({ current: decimal, withdrawn: decimal }) },
      },
      async ({ caller }) => {
        const { balance = 0n, withdrawn = 0n } = (await reader.account(caller.userId)) ?? {};
        return ok({ current: written(balance), withdrawn: written(withdrawn) });
      },
    ),

    route(
      {
        ...common,
        method: 'post',
        path: '/api/user/balance/withdraw',
        summary: 'Pay for an order with points',
        gzip: true,
        body: WithdrawBody,
        answers: { 200: none, 402: Refused, 409: Refused, 422: Refused },
        problemAs: withPaymentRequired,
      },
      async ({ body: { order, sum }, caller: { userId }, transact }) => {
        checkNumber(order);
        return transact([announcements.account(userId)], async (work) => {
          await withdrawPoints(work, { accountId: userId, points: sum, orderNumber: order });
          return ok();
        });
      },
    ),

    route(
      {
        ...common,
        method: 'get',
        path: '/api/user/withdrawals',
        summary: 'My withdrawals, newest first',
        description: 'The newest 10,000; 204 when there are none.',
        answers: { 200: Withdrawals, 204: none },
      },
      async ({ caller }) =>
        listed(await uploads.withdrawals(caller.userId), ({ orderNumber, points, at }) => ({
          order: orderNumber,
          sum: written(points),
          processed_at: at,
        })),
    ),
  ];
}

const written = (points: bigint): unknown => exactNumber(formatDecimal(points));

/** A list of nothing is 204, and says its type like any other. */
const listed = <T>(lines: readonly T[], toLine: (line: T) => object): Reply =>
  lines.length === 0 ? noContent(JSON_TYPE) : { status: 200, headers: JSON_TYPE, body: lines.map(toLine), gzip: true };
