import { checkNumber, handIn, handOver, progress, settle } from '../domain/upload.js';
import { earnReward } from './accounts.js';
import type { UploadWork } from './upload-work.js';

/** Takes an order number for its reward; true when that is news. @throws UploadRefused */
export async function uploadOrder(
  work: UploadWork,
  { number, userId }: { readonly number: string; readonly userId: string },
): Promise<boolean> {
  checkNumber(number);
  const known = await work.upload(number);
  const shopOwner = (await work.orderByNumber(number))?.owner;
  const earned = (await work.earned(number))?.change;
  const { upload, isNew } = handIn(known, { number, userId, shopOwner, earned }, work.now);
  work.recordUpload(upload);
  return isNew;
}

export interface Outcome {
  /** In 1/100 point; undefined when the order is invalid. */
  readonly accrual: bigint | undefined;
  /** Whose order it is, when the accrual system knows that: of an order of our own shop. */
  readonly owner?: string;
}

/** The number's reward is known: the upload is decided and its owner earns it, once and together. */
export async function settleUpload(work: UploadWork, number: string, { accrual, owner }: Outcome): Promise<void> {
  const known = await work.upload(number);
  if (known === undefined) return;
  const order = await work.orderByNumber(number);
  const earned = (await work.earned(number))?.change;
  const upload = settle(handOver(known, order?.owner ?? owner ?? known.owner), earned ?? accrual, work.now);
  work.recordUpload(upload);
  if (upload.accrual !== undefined)
    await earnReward(work, {
      number,
      accountId: upload.owner,
      points: upload.accrual,
      ...(order && { orderId: order.orderId }),
    });
}

/** The accrual system has the order in hand. */
export async function noteProgress(work: UploadWork, number: string): Promise<void> {
  const known = await work.upload(number);
  if (known) work.recordUpload(progress(known));
}

/** An order of our own shop has an owner: an upload of its number by anybody else was not theirs to make. */
export async function giveToOwner(work: UploadWork, number: string, owner: string): Promise<void> {
  const known = await work.upload(number);
  if (known) work.recordUpload(handOver(known, owner));
}
