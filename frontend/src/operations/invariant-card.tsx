import type { Invariant } from '@g-store/client';
import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { AnchorLink } from '../design/links.js';
import { Moment } from '../design/moment.js';
import { useWords } from '../texts/texts.js';
import classes from './operations.module.css';
import { Pill, type Tone } from './pill.js';

const tones: Readonly<Record<Invariant['state'], Tone>> = { holds: 'good', broken: 'bad', unknown: 'unknown' };

export function InvariantCard({ invariant }: { readonly invariant: Invariant }) {
  const { texts } = useWords();
  const words = texts.operations.invariants;
  const { name, state, looked, checkedAt, mismatches, mismatchCount } = invariant;
  return (
    <Card component="section" aria-labelledby={name} className={classes['invariant']} data-state={state}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Title order={2} id={name} size="h3">
            {words.names[name]}
          </Title>
          <Pill tone={tones[state]}>{{ ...words, unknown: words.notKnown }[state]}</Pill>
        </Group>
        <Text size="sm" c="dimmed">
          {words.looked(looked)}
          {checkedAt !== null && (
            <>
              {' · '}
              {words.checked}: <Moment at={checkedAt} as="instant" />
            </>
          )}
        </Text>
        {mismatches.length > 0 && (
          <div>
            <Text fw={600}>{words.mismatches(mismatches.length, mismatchCount)}</Text>
            <ul className={classes['mismatches']}>
              {mismatches.map(({ orderId, account, detail }, index) => (
                <li key={index}>
                  {orderId !== null && (
                    <>
                      <AnchorLink to="/operations/journeys/$orderId" params={{ orderId }}>
                        {words.order(orderId)}
                      </AnchorLink>
                      {': '}
                    </>
                  )}
                  {account !== null && `${words.account(account)}: `}
                  {detail}
                </li>
              ))}
            </ul>
          </div>
        )}
      </Stack>
    </Card>
  );
}
