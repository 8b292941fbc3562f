export { formatDecimal, MAX_AMOUNT, MAX_BALANCE, parseDecimal, percentHalfUp } from './decimal.js';
export { isLuhnValid, withLuhnDigit } from './luhn.js';
