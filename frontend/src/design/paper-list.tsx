import type { ReactNode } from 'react';
import classes from './paper-list.module.css';

interface Props {
  /** The order of its rows means something. */
  readonly ordered?: boolean;
  readonly children: ReactNode;
}

/** Rows on one sheet, with a rule between two. */
export function PaperList({ ordered = false, children }: Props) {
  const List = ordered ? 'ol' : 'ul';
  return <List className={classes['list']}>{children}</List>;
}
