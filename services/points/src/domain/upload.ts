import { isLuhnValid } from '@g-store/values';

/** INVALID and PROCESSED are final. */
export type UploadStatus = 'NEW' | 'PROCESSING' | 'INVALID' | 'PROCESSED';

/** An order number that somebody has handed in for its reward. */
export interface Upload {
  readonly number: string;
  readonly owner: string;
  readonly status: UploadStatus;
  /** In 1/100 point, above 0; of a PROCESSED upload that earned anything. */
  readonly accrual?: bigint;
  readonly version: number;
  readonly uploadedAt: Date;
  readonly decidedAt?: Date;
}

export type UploadRefusal = 'invalid_order_number' | 'uploaded_by_another';

export class UploadRefused extends Error {
  override readonly name = 'UploadRefused';
  constructor(
    readonly code: UploadRefusal,
    message: string,
  ) {
    super(message);
  }
}

const LONGEST_NUMBER = 255;

/** A long one is refused before its digits are summed up. @throws UploadRefused invalid_order_number */
export function checkNumber(number: string): void {
  if (number.length > LONGEST_NUMBER || !isLuhnValid(number))
    throw new UploadRefused('invalid_order_number', 'the order number is not valid');
}

export interface HandedIn {
  readonly number: string;
  readonly userId: string;
  /** Whose order it is, when the number is one of our own shop's. */
  readonly shopOwner: string | undefined;
  /** What the number has earned already. */
  readonly earned: bigint | undefined;
}

/** An upload as it is afterwards, and whether that is news. @throws UploadRefused uploaded_by_another */
export function handIn(
  known: Upload | undefined,
  { number, userId, shopOwner, earned }: HandedIn,
  now: Date,
): { readonly upload: Upload; readonly isNew: boolean } {
  const mine = known && handOver(known, shopOwner ?? known.owner);
  if ((mine?.owner ?? shopOwner ?? userId) !== userId)
    throw new UploadRefused('uploaded_by_another', 'the order was uploaded by somebody else');
  if (mine !== undefined) return { upload: mine, isNew: mine !== known };
  const upload: Upload = { number, owner: userId, status: 'NEW', version: 1, uploadedAt: now };
  return { upload: earned === undefined ? upload : { ...upload, ...rewarded(earned, now) }, isNew: true };
}

export const isFinal = ({ status }: Upload): boolean => status === 'INVALID' || status === 'PROCESSED';

/** To whom the order belongs, whoever was first to upload its number. What is final stays where it is. */
export const handOver = (upload: Upload, owner: string): Upload =>
  upload.owner === owner || isFinal(upload) ? upload : next(upload, { owner });

/** The accrual system is at it. */
export const progress = (upload: Upload): Upload =>
  upload.status === 'NEW' ? next(upload, { status: 'PROCESSING' }) : upload;

/** Decides once; `accrual` is undefined for an order that earns nothing because it is invalid. */
export function settle(upload: Upload, accrual: bigint | undefined, now: Date): Upload {
  if (isFinal(upload)) return upload;
  return next(upload, accrual === undefined ? { status: 'INVALID', decidedAt: now } : rewarded(accrual, now));
}

const rewarded = (accrual: bigint, now: Date) =>
  ({ status: 'PROCESSED', ...(accrual === 0n ? {} : { accrual }), decidedAt: now }) as const;

const next = (upload: Upload, change: Partial<Upload>): Upload => ({
  ...upload,
  ...change,
  version: upload.version + 1,
});
