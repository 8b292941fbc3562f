import { MAX_AMOUNT, parseDecimal } from '@g-store/values';

export type AmountFault = 'notANumber' | 'positive' | 'tooLarge';

/**
 * What somebody typed, as minor units, to the last one: `1 234,5` and `1234.50` are 123450. A point or comma that could
 * mean either, as in `1,234`, is not guessed at.
 */
export function readAmount(typed: string, most: bigint = MAX_AMOUNT): bigint | AmountFault {
  const plain = typed
    .replace(/[\s'’]/g, '')
    .replace(',', '.')
    .replace(/^0+(?=\d)/, '');
  const minor = parseDecimal(plain);
  if (minor === undefined) return /^\d{19,}$/.test(plain) ? 'tooLarge' : 'notANumber';
  if (minor <= 0n) return 'positive';
  return minor > most ? 'tooLarge' : minor;
}
