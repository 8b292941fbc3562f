import { announce } from '@g-store/messaging';
import type { Rows } from '@g-store/messaging';
import type { UploadAnnouncements, UploadWork } from '../application/upload-work.js';
import { isFinal } from '../domain/upload.js';
import { pointsWorkIn } from './points-work.js';
import { fromUploadRow, schedule, toUploadRow, uploads } from './upload-tables.js';

export const uploadAnnouncements: UploadAnnouncements = { upload: (number) => announce(uploads, { number }) };

/** The whole work port of points: accounts, orders, requests, and uploads beside them. */
export const uploadWorkIn = (rows: Rows): UploadWork => {
  const versionByNumber = new Map<string, number>();
  return {
    ...pointsWorkIn(rows),
    upload: async (number) => {
      const row = await rows.find(uploads, { number });
      if (row === undefined) return undefined;
      versionByNumber.set(number, row.version);
      return fromUploadRow(row);
    },
    recordUpload: (upload) => {
      const { number, version } = upload;
      const before = versionByNumber.get(number);
      versionByNumber.set(number, version);
      if (before === version) return;
      if (before !== undefined) return rows.update(uploads, toUploadRow(upload));
      rows.insert(uploads, toUploadRow(upload));
      if (!isFinal(upload)) rows.insert(schedule, { number, dueAt: rows.now, attempts: 0 });
    },
  };
};
