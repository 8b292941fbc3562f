import { VisuallyHidden } from '@mantine/core';
import type { OrderHistoryEntry, OrderStatus } from '@g-store/client';
import { Moment } from '../design/moment.js';
import { stateGlyphs } from '../design/state-pill.js';
import { useWords } from '../texts/texts.js';
import classes from './orders.module.css';
import type { Order } from './queries.js';
import { stepsOf } from './steps-of.js';

interface Props {
  readonly order: Order;
  readonly entries: readonly OrderHistoryEntry[];
}

/** How far an order is, as an ordered list with the times that are known. */
export function Steps({ order, entries }: Props) {
  const { texts } = useWords();
  return (
    <ol className={classes['steps']}>
      {stepsOf(order.status, entries).map(({ status, phase, at }) => (
        <li
          key={status}
          className={classes['step']}
          data-phase={phase}
          data-step={status}
          aria-current={phase === 'current' ? 'step' : undefined}
        >
          <span className={classes['dot']}>
            <Glyph status={status} />
          </span>
          <span className={classes['label']}>
            {texts.order.step[status]} <VisuallyHidden component="span">({texts.order[phase]})</VisuallyHidden>
          </span>
          {at !== undefined && (
            <span className={classes['quiet']}>
              <Moment at={at} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function Glyph({ status }: { readonly status: OrderStatus }) {
  const Drawn = stateGlyphs[status];
  return <Drawn size={18} stroke={1.75} aria-hidden />;
}
