import type { OrderStatus } from '@g-store/client';
import {
  IconBox,
  IconCircleCheck,
  IconCircleX,
  IconCoin,
  IconHourglass,
  IconPackage,
  IconTruckDelivery,
  type Icon,
} from '@tabler/icons-react';
import { useWords } from '../texts/texts.js';
import classes from './state-pill.module.css';

export const stateGlyphs: Readonly<Record<OrderStatus, Icon>> = {
  PENDING: IconHourglass,
  PAID: IconCoin,
  ASSEMBLING: IconBox,
  ASSEMBLED: IconPackage,
  DELIVERING: IconTruckDelivery,
  ISSUED: IconCircleCheck,
  CANCELLED: IconCircleX,
};

interface Props {
  readonly state: OrderStatus;
  /** Staff call the states by what is to be done. */
  readonly audience?: 'customer' | 'staff';
}

/** The state of an order: a glyph and a word, so that colour is never alone in telling it. */
export function StatePill({ state, audience = 'customer' }: Props) {
  const { texts } = useWords();
  const Glyph = stateGlyphs[state];
  return (
    <span className={classes['pill']} data-state={state}>
      <Glyph size={16} stroke={2} aria-hidden />
      {texts.states[audience][state]}
    </span>
  );
}
