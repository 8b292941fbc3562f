import type { ZodType, core } from 'zod';
import { isStorable, JsonRefused } from './json.js';
import { Problem, type FieldError } from './problem.js';

const MAX_ERRORS = 20;

/** The value as the schema gives it. @throws Problem validation_failed with a JSON Pointer for each fault */
export function validate<T>(schema: ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value, { error: wordsFor });
  if (result.success) return result.data;
  throw invalid(result.error.issues.flatMap(errorsOf).slice(0, MAX_ERRORS));
}

/** A 400 about single fields; its detail is the first of them, as a sentence. */
export const invalid = (errors: readonly FieldError[]): Problem =>
  new Problem('validation_failed', errors[0] ? sentenceOf(errors[0]) : undefined, { errors });

export const invalidJson = ({ detail, key }: JsonRefused): Problem =>
  invalid([{ pointer: key === undefined ? '' : pointerTo([key]), detail }]);

/** @throws Problem validation_failed for text that no column can hold */
export function refuseUnstorable(values: Readonly<Record<string, unknown>>): void {
  for (const name in values) {
    const value = values[name];
    if (typeof value === 'string' && !isStorable(value)) {
      throw invalid([{ pointer: pointerTo([name]), detail: 'has a character that cannot be kept' }]);
    }
  }
}

/** A detail such as 'must be positive' gets its field as subject; a whole sentence of a schema stands for itself. */
const sentenceOf = ({ pointer, detail }: FieldError): string =>
  /^(must|is|has|was) /.test(detail) ? `${pointer.slice(1).replaceAll('/', '.') || 'the body'} ${detail}` : detail;

function errorsOf(issue: core.$ZodIssue): readonly FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: 'is not known' }));
  }
  if (issue.code === 'invalid_union') {
    const [closest] = [...issue.errors].sort((a, b) => a.length - b.length);
    if (closest?.length)
      return closest.flatMap((inner) => errorsOf({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [{ pointer: pointerTo(issue.path), detail: issue.message }];
}

const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function wordsFor(issue: core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${withArticle(issue.expected)}`;
    case 'too_small':
      return `must ${issue.exclusive ? 'be more than' : measured(issue.origin, 'at least')} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must ${issue.exclusive ? 'be less than' : measured(issue.origin, 'at most')} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'uuid' || issue.format === 'guid'
        ? 'must be a UUID'
        : `must have the form of ${issue.format}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is required' : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return 'has none of the forms that are taken here';
    default:
      return 'is not valid';
  }
}

const nameByType: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a whole number',
  array: 'a list',
  object: 'an object',
};

const withArticle = (expected: string): string => nameByType[expected] ?? `a ${expected}`;

const measured = (origin: string, bound: string): string =>
  origin === 'string' || origin === 'array' ? `have ${bound}` : `be ${bound}`;

const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' items' : '');
