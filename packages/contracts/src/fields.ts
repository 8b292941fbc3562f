/** An int64 as protobufjs takes and gives it: a number where that is exact, else two halves. */
export type Int64 = number | { readonly low: number; readonly high: number };

export interface Timestamp {
  readonly seconds: Int64;
  readonly nanos: number;
}

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT32 = 2 ** 32 - 1;
// From 0001-01-01 to 9999-12-31, as google.protobuf.Timestamp has it.
const MIN_SECONDS = -62_135_596_800;
const MAX_SECONDS = 253_402_300_799;

export function text(value: string, field: string): string {
  if (typeof value !== 'string') throw new TypeError(`${field} must be a string, got ${typeof value}`);
  return value;
}

export function uint32(value: number, field: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= MAX_UINT32) return value;
  throw new RangeError(`${field} must be a whole number from 0 to ${MAX_UINT32}, got ${String(value)}`);
}

/** protobufjs would write a bigint as 0 without a word, so that it never gets one. */
export function int64(value: bigint, field: string): Int64 {
  if (typeof value !== 'bigint') throw new TypeError(`${field} must be a bigint, got ${typeof value}`);
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  if (value < MIN_INT64 || value > MAX_INT64) throw new RangeError(`${field} does not fit into 64 bits: ${value}`);
  return { low: Number(BigInt.asIntN(32, value)), high: Number(value >> 32n) };
}

export function int64Of(wired: Int64): bigint {
  if (typeof wired === 'number') return BigInt(wired);
  const { low, high } = wired;
  if (high >= -0x20_0000 && high < 0x20_0000) return BigInt(high * 0x1_0000_0000 + (low >>> 0)); // exact as a number
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

export function timestamp(value: Date, field: string): Timestamp {
  const ms = value.getTime();
  const seconds = Math.floor(ms / 1000);
  if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS))
    throw new RangeError(`${field} is no date: ${String(value)}`);
  return { seconds, nanos: (ms - seconds * 1000) * 1_000_000 };
}

/** To the millisecond, as a Date has it. */
export function dateOf(wired: Timestamp | null): Date {
  if (wired === null) throw new RangeError('a time is missing');
  const seconds = Number(int64Of(wired.seconds));
  if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS && wired.nanos >= 0 && wired.nanos < 1e9))
    throw new RangeError('a time is out of range');
  return new Date(seconds * 1000 + Math.floor(wired.nanos / 1_000_000));
}

export function enumerated<Value extends string>(
  numbers: Readonly<Record<Value, number>>,
  value: Value,
  field: string,
): number {
  if (Object.hasOwn(numbers, value)) return numbers[value];
  throw new RangeError(`${field} has no value ${String(value)}`);
}
