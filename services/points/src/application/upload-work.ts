import type { Upload } from '../domain/upload.js';
import type { Announcement, Work } from './work.js';

/** The unit of work as uploads need it. */
export interface UploadWork extends Work {
  upload(number: string): Promise<Upload | undefined>;
  /** One that did not change is left alone; a new one that is not final will be asked about. */
  recordUpload(upload: Upload): void;
}

export interface UploadAnnouncements {
  upload(number: string): Announcement;
}
