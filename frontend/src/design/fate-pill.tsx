import { IconCircleCheck, IconCircleX, IconHourglass, IconLoader, type Icon } from '@tabler/icons-react';
import { useWords } from '../texts/texts.js';
import classes from './state-pill.module.css';

/** What becomes of a number that was handed in, or of a request. */
export type Fate = 'NEW' | 'PROCESSING' | 'INVALID' | 'PROCESSED' | 'PENDING' | 'APPLIED' | 'REJECTED';

const glyphs: Readonly<Record<Fate, Icon>> = {
  NEW: IconHourglass,
  PENDING: IconHourglass,
  PROCESSING: IconLoader,
  PROCESSED: IconCircleCheck,
  APPLIED: IconCircleCheck,
  INVALID: IconCircleX,
  REJECTED: IconCircleX,
};

/** The state of an order that has the same colours. */
const looks: Readonly<Record<Fate, string>> = {
  NEW: 'PENDING',
  PENDING: 'PENDING',
  PROCESSING: 'PENDING',
  PROCESSED: 'PAID',
  APPLIED: 'PAID',
  INVALID: 'CANCELLED',
  REJECTED: 'CANCELLED',
};

export function FatePill({ fate }: { readonly fate: Fate }) {
  const { texts } = useWords();
  const Glyph = glyphs[fate];
  return (
    <span className={classes['pill']} data-state={looks[fate]}>
      <Glyph size={16} stroke={2} aria-hidden />
      {texts.points.fates[fate]}
    </span>
  );
}
