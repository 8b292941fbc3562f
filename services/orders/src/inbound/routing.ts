import { createRouting, requireVersion } from '@g-store/http';
import type { OrderReader } from '../application/reader.js';
import type { Announce, Announcement, Work } from '../application/work.js';

export const { route } = createRouting<Work, readonly Announcement[]>();

export interface Dependencies {
  readonly reader: OrderReader;
  readonly announce: Announce;
  readonly currency: string;
}

/** `If-Match` as the use cases take it. */
export const versionCheck = (ifMatch: string | undefined) => ({
  checkVersion: (version: number) => requireVersion(ifMatch, version),
});
