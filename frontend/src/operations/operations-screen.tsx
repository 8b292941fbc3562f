import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Screen } from '../design/screen.js';
import { useWords } from '../texts/texts.js';
import classes from './operations.module.css';

const rooms = [
  ['/operations', 'health'],
  ['/operations/journeys', 'journeys'],
  ['/operations/events', 'events'],
  ['/operations/parked', 'parked'],
  ['/operations/invariants', 'invariants'],
] as const satisfies readonly (readonly [LinkProps['to'], string])[];

interface Props {
  readonly title: string;
  readonly intro?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A screen of the operators, with the way to the others. */
export function OperationsScreen({ title, intro, actions, children }: Props) {
  const { texts } = useWords();
  const words = texts.operations.rooms;
  return (
    <>
      <nav aria-label={words.label} className={classes['rooms']}>
        {rooms.map(([to, room]) => (
          <Link key={to} to={to} className={classes['room']} activeOptions={{ exact: to === '/operations' }}>
            {words[room]}
          </Link>
        ))}
      </nav>
      <Screen title={title} intro={intro} actions={actions}>
        {children}
      </Screen>
    </>
  );
}
