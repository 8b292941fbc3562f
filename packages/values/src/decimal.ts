/** The largest single amount, in minor units. */
export const MAX_AMOUNT = 10n ** 12n;

/** The largest balance, in minor units: what a JSON number still carries exactly. */
export const MAX_BALANCE = 2n ** 53n - 1n;

const decimal = /^(-?)(0|[1-9]\d{0,17})(?:\.(\d{1,2}))?$/;

/** `'729.98'` → `72998n`; undefined for anything but a plain decimal with at most two places. */
export function parseDecimal(text: string): bigint | undefined {
  const [, sign, whole, places = ''] = decimal.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const minor = BigInt(whole) * 100n + BigInt(places.padEnd(2, '0'));
  return sign === '-' ? -minor : minor;
}

/** `72998n` → `'729.98'`, `50050n` → `'500.5'`, `4200n` → `'42'`: as JSON writes the number. */
export function formatDecimal(minor: bigint): string {
  const size = minor < 0n ? -minor : minor;
  const places = (size % 100n).toString().padStart(2, '0').replace(/0+$/, '');
  return `${minor < 0n ? '-' : ''}${size / 100n}${places && '.'}${places}`;
}

/** Percent of an amount, both in hundredths, a half rounded up (towards +∞): 14599.50 × 5 % = 729.975 → 729.98. */
export function percentHalfUp(amountMinor: bigint, percentMinor: bigint): bigint {
  const doubled = 2n * amountMinor * percentMinor + 10_000n;
  const quotient = doubled / 20_000n;
  return doubled % 20_000n < 0n ? quotient - 1n : quotient; // bigint division cuts towards zero, a floor is wanted
}
