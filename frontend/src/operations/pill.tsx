import {
  IconCircleCheck,
  IconCircleX,
  IconHelpCircle,
  IconHourglass,
  IconPlayerPause,
  type Icon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from '../design/state-pill.module.css';

export type Tone = 'good' | 'bad' | 'waiting' | 'paused' | 'unknown';

const glyphs: Readonly<Record<Tone, Icon>> = {
  good: IconCircleCheck,
  bad: IconCircleX,
  waiting: IconHourglass,
  paused: IconPlayerPause,
  unknown: IconHelpCircle,
};

/** The state of an order that has the same colours. */
const looks: Readonly<Record<Tone, string>> = {
  good: 'PAID',
  bad: 'CANCELLED',
  waiting: 'PENDING',
  paused: 'PENDING',
  unknown: '',
};

/** How something is: a glyph and a word, so that colour is never alone in telling it. */
export function Pill({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const Glyph = glyphs[tone];
  return (
    <span className={classes['pill']} data-state={looks[tone]} data-tone={tone}>
      <Glyph size={16} stroke={2} aria-hidden />
      {children}
    </span>
  );
}
