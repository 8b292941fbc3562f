import type { Fate } from '../design/fate-pill.js';

/** A number that was handed in; what it earned in 1/100 point. */
export interface Upload {
  readonly number: string;
  readonly status: Extract<Fate, 'NEW' | 'PROCESSING' | 'INVALID' | 'PROCESSED'>;
  readonly earned: number | undefined;
  readonly at: string;
}

interface GophermartUpload {
  readonly number: string;
  readonly status: Upload['status'];
  readonly accrual?: number;
  readonly uploaded_at: string;
}

/** That API writes points with two decimals. */
export const toUpload = ({ number, status, accrual, uploaded_at: at }: GophermartUpload): Upload => ({
  number,
  status,
  earned: accrual === undefined ? undefined : Math.round(accrual * 100),
  at,
});

const isDecided = ({ status }: Upload): boolean => status === 'INVALID' || status === 'PROCESSED';

/** Whether it is worth looking again. */
export const someAreOpen = (uploads: readonly Upload[]): boolean => !uploads.every(isDecided);

/** Those whose fate has become known between two looks. */
export function decidedSince(before: readonly Upload[], now: readonly Upload[]): readonly Upload[] {
  const open = new Set(before.filter((upload) => !isDecided(upload)).map(({ number }) => number));
  return now.filter((upload) => isDecided(upload) && open.has(upload.number));
}
