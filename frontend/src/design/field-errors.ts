import { isProblem } from '@g-store/client';

/** What the shop says about single fields, by their names in the form: `/items/0/price` is `items.0.price`. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!isProblem(error)) return {};
  return Object.fromEntries(
    error.errors.map(({ pointer, detail }) => [pointer.slice(1).split('/').map(unescape).join('.'), detail]),
  );
}

const unescape = (part: string): string => part.replace(/~1/g, '/').replace(/~0/g, '~');
