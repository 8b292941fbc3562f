import { types } from 'node:util';

type Fields = Record<string, unknown>;

const secretName = /(authorization|cookie|password|token|api[-_]?key|secret)$/i;
const MAX_DEPTH = 6;

/**
 * The same fields as JSON can hold them, errors with their stacks, and `[redacted]` in place of whatever a secret's name
 * stands before, at any depth and in any case.
 */
export const redacted = (fields: object): Fields => copied(fields as Fields, 0);

function copied(fields: Fields, depth: number): Fields {
  const copy: Fields = {};
  for (const [name, value] of Object.entries(fields))
    copy[name] = secretName.test(name) ? '[redacted]' : clean(value, depth);
  return copy;
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[too deep]'; // also what ends a circle
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  if (types.isNativeError(value)) return copied(errorFields(value), depth + 1);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? copied(value as Fields, depth + 1) : value;
}

function errorFields(error: Error): Fields {
  const { name, message, stack, cause } = error;
  const fields: Fields = { name, message, stack };
  if (cause !== undefined) fields['cause'] = cause;
  if ('errors' in error) fields['errors'] = error.errors;
  return Object.assign(fields, error);
}
