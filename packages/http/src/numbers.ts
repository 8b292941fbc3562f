import { z } from 'zod';
import { WrittenNumber } from './json.js';

const MAX_AMOUNT = 1_000_000_000_000;

/** Money or points in minor units: a JSON integer from 1 to 10^12. `sentence` is the whole detail for what is not above 0. */
export const amount = (sentence = 'must be positive') =>
  z
    .int()
    .min(1, sentence)
    .max(MAX_AMOUNT)
    .transform((value) => BigInt(value))
    .meta({ type: 'integer', format: 'int64', minimum: 1, maximum: MAX_AMOUNT });

export const amountSchema = amount();

export interface DecimalOptions {
  /** Digits after the point, 2 by default; one more is refused, not rounded. */
  readonly places?: number;
  /** In the smallest units. */
  readonly min?: bigint;
  readonly max?: bigint;
  /** The whole detail for what is below `min`. */
  readonly sentence?: string;
}

/** A JSON number read from its text, never through a float: `729.98` gives 72998n. */
export function exactDecimal({ places = 2, min, max = BigInt(MAX_AMOUNT), sentence }: DecimalOptions = {}) {
  return z
    .custom<number | WrittenNumber>(
      (value) => typeof value === 'number' || value instanceof WrittenNumber,
      'must be a number',
    )
    .transform((value, context) => {
      const units = toUnits(value instanceof WrittenNumber ? value.literal : String(value), places);
      if (units === undefined) return refuse(context, `must be a number with at most ${places} decimal places`);
      if (units > max || units < -max) return refuse(context, 'must not be so large');
      if (min !== undefined && units < min) return refuse(context, sentence ?? 'must not be so small');
      return units;
    })
    .meta({ type: 'number' });
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

const MAX_EXPONENT = 20;

function toUnits(literal: string, places: number): bigint | undefined {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(literal) ?? [];
  if (whole === '' || whole.length + fraction.length > 40) return undefined;
  const exponent = Number(power);
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const digits = BigInt(whole + fraction);
  const shift = exponent - fraction.length + places;
  const factor = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && digits % factor !== 0n) return undefined;
  const units = shift < 0 ? digits / factor : digits * factor;
  return sign === '-' ? -units : units;
}
