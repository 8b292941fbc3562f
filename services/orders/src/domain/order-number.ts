import { withLuhnDigit } from '@g-store/values';

const smallest = 10 ** 14;

/**
 * Sixteen digits, the last one Luhn's, from a random number in [0, 1). Numbers say nothing of how many orders there are;
 * two that meet are kept apart by the unique key, and the second order is given another.
 */
export const orderNumber = (random: number): string =>
  withLuhnDigit(String(smallest + Math.floor(random * 9 * smallest)));
