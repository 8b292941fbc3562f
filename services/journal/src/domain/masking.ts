const MASK = '***';

/**
 * Fields in which people write freely or are named; everything else in an event is an id, an amount, a state or a time.
 * `actor` is an id of a person or `key:<name>` of a machine, and stays: it is what an operator looks for.
 */
const personal: ReadonlySet<string> = new Set(['login', 'name', 'description']);

/** The reason of an adjustment is free text too; those of closed sets (CHANGED_MIND) stay legible. */
const code = /^[A-Z][A-Z_]*$/;

/** A copy in which nothing personal can be read; a field that is absent stays absent. */
export function masked(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => masked(one, field));
  if (typeof value === 'object' && value !== null && !(value instanceof Date))
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner, name)]));
  if (typeof value !== 'string') return value;
  return personal.has(field) || (field === 'reason' && !code.test(value)) ? MASK : value;
}
