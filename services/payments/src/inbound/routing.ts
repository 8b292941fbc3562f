import { createRouting } from '@g-store/http';
import type { Reader } from '../application/reader.js';
import type { Announcement, Announcements, Work } from '../application/work.js';

export const { route } = createRouting<Work, readonly Announcement[]>();

export interface Dependencies {
  readonly reader: Reader;
  readonly announcements: Announcements;
  /** Of this installation; every account is opened in it. */
  readonly currency: string;
}
