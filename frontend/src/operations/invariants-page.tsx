import { Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconHelpCircle, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useAnnounce } from '../design/announce.js';
import { Moment } from '../design/moment.js';
import { Notice } from '../design/notice.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { InvariantCard } from './invariant-card.js';
import { OperationsScreen } from './operations-screen.js';
import { invariantsQuery, type Looked } from './queries.js';
import { stateNow } from './state-now.js';

/** What must hold whatever happens, and whether it does. */
export function InvariantsPage() {
  const words = useWords().texts.operations.invariants;
  const invariants = useQuery(invariantsQuery(useShop()));
  return (
    <OperationsScreen title={words.title} intro={words.intro}>
      <QueryView query={invariants} lines={6}>
        {(known) => <All looked={known} />}
      </QueryView>
    </OperationsScreen>
  );
}

function All({ looked: { checkedAt, lookedAt, items } }: { readonly looked: Looked }) {
  const words = useWords().texts.operations.invariants;
  const states = items.map((invariant) => stateNow(invariant, lookedAt));
  const broken = states.filter((state) => state === 'broken').length;
  const unknown = states.filter((state) => state === 'unknown').length;
  const old = items.some(({ checkedAt: at, state }, index) => at !== null && state !== states[index]);
  const said = [
    broken > 0 && words.someBroken(broken),
    unknown > 0 && words.someUnknown(unknown),
    broken + unknown === 0 && words.allHold,
  ]
    .filter(Boolean)
    .join(' ');
  const announce = useAnnounce();
  useEffect(() => announce(said), [said, announce]);
  return (
    <Stack gap="lg">
      <Notice
        tone={broken > 0 ? 'bad' : unknown > 0 ? 'caution' : 'calm'}
        icon={broken > 0 ? IconAlertTriangle : unknown > 0 ? IconHelpCircle : IconShieldCheck}
      >
        <strong>{said}</strong>{' '}
        {checkedAt === null ? (
          words.never
        ) : (
          <Text span>
            {words.checked}: <Moment at={checkedAt} as="instant" />. {old && words.old}
          </Text>
        )}
      </Notice>
      <Stack gap="md">
        {items.map((invariant, index) => (
          <InvariantCard key={invariant.name} invariant={{ ...invariant, state: states[index] ?? 'unknown' }} />
        ))}
      </Stack>
    </Stack>
  );
}
