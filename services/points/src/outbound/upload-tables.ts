import { table } from '@g-store/messaging';
import type { Row, Table } from '@g-store/messaging';
import type { Upload, UploadStatus } from '../domain/upload.js';

interface UploadRow {
  readonly number: string;
  readonly owner: string;
  readonly status: UploadStatus;
  readonly accrual: bigint | null;
  readonly version: number;
  readonly uploadedAt: Date;
  readonly decidedAt: Date | null;
}

/** Taken after accounts and orders. */
export const uploads = table<UploadRow>({
  name: 'upload',
  role: 'guard',
  columns: {
    number: ['number', 'text'],
    owner: ['owner', 'text'],
    status: ['status', 'text'],
    accrual: ['accrual', 'bigint'],
    version: ['version', 'integer'],
    uploadedAt: ['uploaded_at', 'timestamptz'],
    decidedAt: ['decided_at', 'timestamptz'],
  },
  keys: [['number']],
  version: 'version',
  immutable: ['uploadedAt'],
});

interface ScheduledRow {
  readonly number: string;
  readonly dueAt: Date;
  readonly attempts: number;
}

/** Only begun here: the worker keeps it in its own short statements. */
export const schedule = table<ScheduledRow>({
  name: 'upload_schedule',
  role: 'insert',
  columns: { number: ['number', 'text'], dueAt: ['due_at', 'timestamptz'], attempts: ['attempts', 'integer'] },
  keys: [['number']],
});

export const uploadTables = [uploads, schedule] as unknown as readonly Table<Row>[];

export const toUploadRow = ({ accrual, decidedAt, ...upload }: Upload): UploadRow => ({
  ...upload,
  accrual: accrual ?? null,
  decidedAt: decidedAt ?? null,
});

export const fromUploadRow = ({ accrual, decidedAt, ...upload }: UploadRow): Upload => ({
  ...upload,
  ...(accrual === null ? {} : { accrual }),
  ...(decidedAt === null ? {} : { decidedAt }),
});
