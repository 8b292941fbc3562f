import type { UploadStatus } from '../domain/upload.js';

/** An upload that is due to be asked about. */
export interface Claim {
  readonly number: string;
  readonly owner: string;
  readonly status: UploadStatus;
  /** Of our own shop's order with this number, if there is one. */
  readonly shopOwner?: string;
  /** What the number has earned already, in 1/100 point: then nobody needs to be asked. */
  readonly earned?: bigint;
  /** How often it was asked about without getting any further. */
  readonly attempts: number;
}

export interface Postponed extends Pick<Claim, 'number' | 'attempts'> {
  readonly dueAt: Date;
}

/** When each upload that is not final is to be asked about; it outlives every process. */
export interface Schedule {
  /** Takes orders that are due, the longest due first. They fall due again at `leaseUntil` if nothing more is said of them. */
  claim(now: Date, limit: number, leaseUntil: Date): Promise<readonly Claim[]>;
  postpone(orders: readonly Postponed[]): Promise<void>;
  /** They are final. */
  finish(numbers: readonly string[]): Promise<void>;
  /** Nobody asks the system before that time, in no process. */
  pause(until: Date): Promise<void>;
  pausedUntil(): Promise<Date | undefined>;
}
