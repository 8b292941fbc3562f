import { useWords } from '../texts/texts.js';

interface Props {
  /** RFC 3339. */
  readonly at: string;
  readonly as?: 'moment' | 'time' | 'day' | 'instant';
}

/** A point in time, in the reader's language and zone. */
export function Moment({ at, as = 'moment' }: Props) {
  const { formats } = useWords();
  return <time dateTime={at}>{formats[as](at)}</time>;
}
