import { createRouting } from '@g-store/http';
import { z } from 'zod';
import type { Reader } from '../application/reader.js';
import type { Announcement, Announcements, Work } from '../application/work.js';

export const { route } = createRouting<Work, readonly Announcement[]>();

export interface Dependencies {
  readonly reader: Reader;
  readonly announcements: Announcements;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A user's UUID, in any spelling, or an id of the machine's own. */
export const accountId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must have 1 to 64 letters, digits, and . _ - after the first of them')
  .transform((id) => (uuid.test(id) ? id.toLowerCase() : id))
  .meta({ type: 'string' });
