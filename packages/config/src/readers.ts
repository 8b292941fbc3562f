import { z } from 'zod';
import type { Outcome, Reader } from './read-settings.js';

/** Any text. */
export const text = (otherwise?: string): Reader<string> =>
  reader('any text', otherwise, (given) => ({ value: given }));

/** A TCP port; 0 lets the system choose one. */
export const port = (otherwise?: number): Reader<number> => integer(otherwise, { min: 0, max: 65535 }, 'a port');

export interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number inside the range, both ends included. */
export function integer(otherwise?: number, range: Range = {}, what = 'a whole number'): Reader<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
  const number = z
    .stringFormat('integer', /^-?\d{1,16}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));
  return reader(`${what}${rangeText(range)}`, otherwise, bySchema(number));
}

/** An absolute URL of one of these protocols, as it was written. */
export function url(otherwise?: string, protocols: readonly string[] = ['http', 'https']): Reader<string> {
  const protocol = new RegExp(`^(${protocols.join('|')})$`);
  const kinds = protocols.map((name) => `${name}://…`).join(' or ');
  return reader(`a URL, ${kinds}`, otherwise, bySchema(z.url({ protocol })));
}

/** A PostgreSQL URL; it may hold a password, so it is a secret. */
export function databaseUrl(): Reader<string> {
  const schema = z.url({ protocol: /^postgres(ql)?$/ });
  return {
    ...reader('postgresql://user:password@host:port/database', undefined, bySchema(schema, false)),
    secret: true,
  };
}

/** Has no default, is never shown, and may come from a file. */
export function secret({ min = 1 }: { readonly min?: number } = {}): Reader<string> {
  const expects = `a secret of at least ${min} characters, or its file's path into the same name with _FILE`;
  return { ...reader(expects, undefined, bySchema(z.string().min(min), false)), secret: true };
}

/** Words between commas, each once; an empty variable is an empty list unless there is a default. */
export const list = (otherwise: readonly string[] = []): Reader<readonly string[]> =>
  reader('words separated by commas', otherwise, (given) => {
    const words = given.split(',').map((word) => word.trim());
    return { value: [...new Set(words.filter((word) => word !== ''))] };
  });

const flagByText = new Map(
  Object.entries({ on: true, true: true, yes: true, 1: true, off: false, false: false, no: false, 0: false }),
);

/** A switch. */
export const flag = (otherwise?: boolean): Reader<boolean> =>
  reader('on or off', otherwise, (given) => {
    const value = flagByText.get(given.toLowerCase());
    return value === undefined ? wrong(given) : { value };
  });

/** One of a closed set of words, no default. */
export const oneOf = <const Word extends string>(...words: readonly [Word, ...Word[]]): Reader<Word> =>
  reader(words.join(' or '), undefined, bySchema(z.enum(words)));

/** A reader whose variable may be left out: without a default of its own it becomes undefined. */
export const optional = <T>(inner: Reader<T>): Reader<T | undefined> => ({
  ...inner,
  expects: `${inner.expects}, or leave it out`,
  read: (given) => (given === undefined && 'problem' in inner.read(given) ? { value: undefined } : inner.read(given)),
});

/** The same reader with a default for when the variable is left out. */
export const withDefault = <T>(inner: Reader<T>, otherwise: T): Reader<T> => ({
  ...inner,
  read: (given) => (given === undefined ? { value: otherwise } : inner.read(given)),
});

/**
 * A reader of one's own: `parse` gives undefined for what cannot be. `shown: false` makes it a secret: what was given stays out of
 * the message, and may come from a file.
 */
export const parsed = <T>(
  expects: string,
  parse: (given: string) => T | undefined,
  { shown = true }: { readonly shown?: boolean } = {},
): Reader<T> => ({
  ...reader<T>(expects, undefined, (given) => {
    const value = parse(given);
    return value !== undefined ? { value } : shown ? wrong(given) : unshown;
  }),
  secret: !shown,
});

function reader<T>(expects: string, otherwise: T | undefined, read: (given: string) => Outcome<T>): Reader<T> {
  const left: Outcome<T> = otherwise === undefined ? { problem: 'is not set' } : { value: otherwise };
  return { expects, read: (given) => (given === undefined ? left : read(given)) };
}

const bySchema =
  <T>(schema: z.ZodType<T>, shown = true) =>
  (given: string): Outcome<T> => {
    const result = schema.safeParse(given);
    if (result.success) return { value: result.data };
    return shown ? wrong(given) : unshown;
  };

const unshown = { problem: 'is not of this form' } as const;
const wrong = (given: string): { readonly problem: string } => ({ problem: `is '${given}'` });

function rangeText({ min, max }: Range): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}
