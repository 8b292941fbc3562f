import { formatDecimal } from '@g-store/values';

export type Language = 'en' | 'ru' | 'id';
export const languages: readonly Language[] = ['en', 'ru', 'id'];

/** How a language writes what is not a sentence. Money and points come in minor units, times as RFC 3339. */
export interface Formats {
  money(minor: number | bigint, currency: string): string;
  points(minor: number | bigint): string;
  number(n: number): string;
  /** `6 Nov 2026, 14:05` */
  moment(at: string): string;
  /** `14:05` */
  time(at: string | number): string;
  /** `6 November 2026` */
  day(at: string): string;
  /** To the millisecond: `06/11/2026, 14:05:09.123` */
  instant(at: string): string;
  /** By its largest unit: `320 ms`, `4.2 s`, `3 min` */
  duration(ms: number): string;
}

export function createFormats(language: Language): Formats {
  const plain = new Intl.NumberFormat(language);
  const points = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'long' });
  const instant = new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
  const moneyByCurrency = new Map<string, Intl.NumberFormat>();
  const moneyIn = (currency: string): Intl.NumberFormat => {
    const known = moneyByCurrency.get(currency) ?? moneyFormat(language, currency);
    moneyByCurrency.set(currency, known);
    return known;
  };
  return {
    money: (minor, currency) => moneyIn(currency).format(exact(minor)),
    points: (minor) => points.format(exact(minor)),
    number: (n) => plain.format(n),
    moment: (at) => moment.format(new Date(at)),
    time: (at) => time.format(new Date(at)),
    day: (at) => day.format(new Date(at)),
    instant: (at) => instant.format(new Date(at)),
    duration(ms) {
      const [unit, length] = units.findLast(([, one]) => ms >= one) ?? units[0];
      const maximumFractionDigits = unit === 'second' ? 1 : 0;
      return new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits,
      }).format(ms / length);
    },
  };
}

const units = [
  ['millisecond', 1],
  ['second', 1_000],
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 24 * 3_600_000],
] as const;

/** As text, since the largest balances are no longer exact once divided by a hundred. */
const exact = (minor: number | bigint) => formatDecimal(BigInt(minor)) as Intl.StringNumericLiteral;

const moneyFormat = (language: Language, currency: string): Intl.NumberFormat =>
  new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
