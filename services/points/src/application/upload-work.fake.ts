import type { Upload } from '../domain/upload.js';
import type { UploadWork } from './upload-work.js';
import { fakeWork } from './work.fake.js';
import type { FakePoints } from './work.fake.js';

export interface FakeUploads extends FakePoints {
  readonly work: UploadWork;
  readonly uploads: ReadonlyMap<string, Upload>;
}

/** Uploads in memory, beside accounts and events. */
export function fakeUploadWork(now?: Date): FakeUploads {
  const points = fakeWork(now);
  const uploads = new Map<string, Upload>();
  const work: UploadWork = {
    ...points.work,
    upload: async (number) => uploads.get(number),
    recordUpload: (upload) => void uploads.set(upload.number, upload),
  };
  return { ...points, work, uploads };
}
