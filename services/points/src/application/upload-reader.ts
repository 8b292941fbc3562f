import type { Upload } from '../domain/upload.js';

export interface Withdrawal {
  readonly orderNumber: string;
  readonly points: bigint;
  readonly at: Date;
}

/** What a Gophermart user may read of their own, newest first. */
export interface UploadReader {
  uploads(owner: string): Promise<readonly Omit<Upload, 'version'>[]>;
  withdrawals(accountId: string): Promise<readonly Withdrawal[]>;
}
