import { createRouting, requireVersion } from '@g-store/http';
import type { OrderReader, OrderView } from '../application/reader.js';
import type { Announce, Announcement, Work } from '../application/work.js';

export const { route } = createRouting<Work, readonly Announcement[]>();

export interface Dependencies {
  readonly reader: OrderReader;
  readonly announce: Announce;
  readonly currency: string;
  /** Whether there is a service of points that answers. */
  readonly takesPoints: boolean;
}

/**
 * What makes two readings of an order differ: its version, and how many of its points were noted beside it since, which a
 * version does not count. A note is never taken back within a version, so the same tag is always the same reading.
 */
export function tagOf({ version, points: { spent, earned } }: OrderView): string {
  const notes = [spent, earned].filter((points) => points > 0n).length;
  return notes === 0 ? String(version) : `${version}.${notes}`;
}

/** `If-Match` as the use cases take it: what is noted beside a version is no reason to stop a change of it. */
export const versionCheck = (ifMatch: string | undefined) => ({
  checkVersion: (version: number) => requireVersion(ifMatch?.replaceAll(/"(\d+)\.\d+"/g, '"$1"'), version),
});
