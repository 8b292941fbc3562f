/** Whether a text of digits ends in its Luhn check digit (ISO/IEC 7812-1). */
export function isLuhnValid(digits: string): boolean {
  return /^\d+$/.test(digits) && luhnSum(digits) % 10 === 0;
}

/** Appends the check digit; only digits are taken. */
export function withLuhnDigit(digits: string): string {
  if (!/^\d+$/.test(digits)) throw new RangeError('a Luhn digit needs digits');
  return `${digits}${(10 - (luhnSum(`${digits}0`) % 10)) % 10}`;
}

/** Every second digit from the right counts twice, its own digits summed. */
function luhnSum(digits: string): number {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    const counted = place % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum;
}
