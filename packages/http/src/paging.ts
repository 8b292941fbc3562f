import { z, type ZodType } from 'zod';
import { parseJson } from './json.js';
import { invalid } from './validate.js';

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 100;
const MAX_PAGE = 1_000_000;

const digits = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number)
  .pipe(z.number().min(1));
const limit = digits.transform((value) => Math.min(value, MAX_LIMIT));
const limitMeta = { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT } as const;
const cursor = z.string().max(1024).optional().meta({ description: 'As `nextCursor` gave it.' });

/** `?cursor&limit`: 20 by default, above 100 counts as 100; a bad one is 400. Extend it with the filters of the list. */
export const pageQuery = z.strictObject({ cursor, limit: limit.default(DEFAULT_LIMIT).meta(limitMeta) });

/** `?page&limit` or `?cursor`, for the dialects in which a bad page or limit means the default. */
export const lenientPageQuery = z.strictObject({
  cursor,
  page: digits
    .transform((value) => Math.min(value, MAX_PAGE))
    .default(1)
    .catch(1)
    .meta({ type: 'integer', minimum: 1, default: 1 }),
  limit: limit.default(DEFAULT_LIMIT).catch(DEFAULT_LIMIT).meta(limitMeta),
});

/** An opaque cursor of where a page ended. */
export const encodeCursor = (position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** Where the page before ended; undefined without a cursor. @throws Problem validation_failed at `/cursor` when it is none of ours */
export function decodeCursor<T>(position: ZodType<T>, given: string | undefined): T | undefined {
  if (given === undefined) return undefined;
  const result = position.safeParse(jsonIn(given));
  if (!result.success) throw invalid([{ pointer: '/cursor', detail: 'is not a cursor of this list' }]);
  return result.data;
}

function jsonIn(given: string): unknown {
  const bytes = Buffer.from(given, 'base64url');
  // Node passes over what is not of the alphabet, so that many texts would stand for one cursor.
  if (bytes.toString('base64url') !== given) return undefined;
  try {
    return parseJson(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The header that leads to the next page: the request's own url with `nextCursor` in it; none at the end. */
export function nextLink(url: string, nextCursor: string | null): { readonly link?: string } {
  if (nextCursor === null) return {};
  const next = new URL(url, 'http://any');
  next.searchParams.delete('page');
  next.searchParams.set('cursor', nextCursor);
  return { link: `<${next.pathname}${next.search}>; rel="next"` };
}
