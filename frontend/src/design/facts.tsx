import { Card, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './facts.module.css';

interface FactCardProps {
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}

export const FactCard = ({ id, title, children }: FactCardProps) => (
  <Card component="section" aria-labelledby={id}>
    <Title order={2} id={id} mb="sm">
      {title}
    </Title>
    {children}
  </Card>
);

interface FactsProps {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

export const Facts = ({ facts }: FactsProps) => (
  <dl className={classes['facts']}>
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
