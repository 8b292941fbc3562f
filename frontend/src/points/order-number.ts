import { isLuhnValid } from '@g-store/values';

export type NumberFault = 'digits' | 'luhn';

/** An order number that somebody typed, with or without spaces: its digits, or what is wrong with it. */
export function readOrderNumber(typed: string): { readonly number: string } | { readonly fault: NumberFault } {
  const number = typed.replace(/[\s-]/g, '');
  if (!/^[0-9]+$/.test(number)) return { fault: 'digits' };
  return number.length <= 255 && isLuhnValid(number) ? { number } : { fault: 'luhn' };
}
