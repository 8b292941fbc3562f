import { IconInfoCircle, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './notice.module.css';

interface Props {
  readonly tone?: 'calm' | 'caution' | 'bad';
  readonly icon?: Icon;
  readonly children: ReactNode;
}

/** A strip that says something about what is below it, without taking focus. */
export function Notice({ tone = 'calm', icon: Glyph = IconInfoCircle, children }: Props) {
  return (
    <div role="status" className={classes['notice']} data-tone={tone}>
      <Glyph size={20} stroke={1.75} aria-hidden />
      <div className={classes['content']}>{children}</div>
    </div>
  );
}
