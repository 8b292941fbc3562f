import type { Journey, OrderStatus } from '@g-store/client';
import { Card, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconHourglass } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useConfig } from '../app/config.js';
import { CopyText } from '../design/copy-text.js';
import { Notice } from '../design/notice.js';
import { StatePill, stateGlyphs } from '../design/state-pill.js';
import { Facts } from '../design/facts.js';
import { useWords } from '../texts/texts.js';
import classes from './operations.module.css';

/** The sums of a journey, what it waits for and what is wrong with it. */
export function JourneySummary({ journey }: { readonly journey: Journey }) {
  const { texts, formats } = useWords();
  const words = texts.operations;
  const named = words.journey;
  const { waitsFor, fault, traceIds } = journey;
  return (
    <Stack gap="md">
      {fault !== null && (
        <Notice tone="bad" icon={IconAlertTriangle}>
          {named.faults[fault]}
        </Notice>
      )}
      {waitsFor !== null && (
        <Notice tone={waitsFor.stuck ? 'bad' : 'calm'} icon={waitsFor.stuck ? IconAlertTriangle : IconHourglass}>
          {named.waits[waitsFor.step]} {named.since(formats.moment(waitsFor.since))} {waitsFor.stuck && named.stuck}
        </Notice>
      )}
      <Card component="section" aria-labelledby="summary">
        <Title order={2} id="summary" mb="sm">
          {named.summary}
        </Title>
        <div className={classes['facts']}>
          <Facts facts={useSums(journey)} />
        </div>
        {traceIds.length > 0 && (
          <Stack gap={4} mt="sm" align="flex-start">
            <Text c="dimmed">{named.traces}</Text>
            {traceIds.map((id) => (
              <CopyText key={id} value={id} label={words.copy(named.trace)} />
            ))}
          </Stack>
        )}
      </Card>
    </Stack>
  );
}

/** Only what there is any of. */
function useSums(journey: Journey): readonly (readonly [string, ReactNode])[] {
  const { texts, formats } = useWords();
  const named = texts.operations.journey;
  const { currency } = useConfig();
  const { status, amount, durationMs } = journey;
  const money = (name: string, minor: number) => (minor === 0 ? [] : [[name, formats.money(minor, currency)] as const]);
  const points = (name: string, some: number) => (some === 0 ? [] : [[name, formats.points(some)] as const]);
  return [
    [named.state, isState(status) ? <StatePill key="state" state={status} /> : texts.operations.unknown],
    ...money(named.amount, amount ?? 0),
    ...money(named.charged, journey.charged),
    ...money(named.refunded, journey.refunded),
    ...points(named.pointsSpent, journey.pointsSpent),
    ...points(named.pointsReturned, journey.pointsReturned),
    ...points(named.pointsEarned, journey.pointsEarned),
    [named.took, formats.duration(durationMs)],
  ];
}

const isState = (status: string | null): status is OrderStatus => status !== null && status in stateGlyphs;
