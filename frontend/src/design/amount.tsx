import { useWords } from '../texts/texts.js';

interface MoneyProps {
  /** In minor units. */
  readonly minor: number | bigint;
  readonly currency: string;
}

/** An amount of money. */
export function Money({ minor, currency }: MoneyProps) {
  const { formats } = useWords();
  return <span style={{ whiteSpace: 'nowrap' }}>{formats.money(minor, currency)}</span>;
}

/** A number of points, given in 1/100 point. */
export function Points({ minor }: Pick<MoneyProps, 'minor'>) {
  const { formats } = useWords();
  return <span style={{ whiteSpace: 'nowrap' }}>{formats.points(minor)}</span>;
}
