import { isProblem, type ServiceName, type ServiceStatus } from '@g-store/client';
import { Anchor, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { AnchorLink } from '../design/links.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { Facts } from '../design/facts.js';
import { useWords } from '../texts/texts.js';
import { hearers } from './addresses.js';
import { PausablePart } from './pausable-part.js';
import { Pill, type Tone } from './pill.js';
import { statusQuery } from './queries.js';

/** One service: whether it is well, what waits in it, and what can be held back. */
export function ServiceTile({ service }: { readonly service: ServiceName }) {
  const { texts } = useWords();
  const words = texts.operations.health;
  const status = useQuery(statusQuery(useShop(), service));
  const [tone, said] = healthOf(status, words);
  return (
    <Card component="section" aria-labelledby={`service-${service}`}>
      <Stack gap="md">
        <Group justify="space-between" gap="xs">
          <Title order={2} id={`service-${service}`}>
            {service}
          </Title>
          {said !== undefined && <Pill tone={tone}>{said}</Pill>}
        </Group>
        <QueryView query={status} lines={3}>
          {(known) => <Known service={service} status={known} />}
        </QueryView>
        <Anchor href={`/api/${service}/docs/`}>{words.docs}</Anchor>
      </Stack>
    </Card>
  );
}

interface Looked {
  readonly data: ServiceStatus | undefined;
  readonly error: unknown;
}
type HealthWords = Readonly<Record<'ready' | 'notReady' | 'silent', string>>;

function healthOf({ data, error }: Looked, { ready, notReady, silent }: HealthWords): [Tone, string?] {
  // One that refuses is there; it only tells no more.
  if (error !== null && !isProblem(error, 'forbidden', 'not_found', 'rate_limited')) return ['bad', silent];
  if (data === undefined) return ['unknown'];
  return data.ready ? ['good', ready] : ['bad', notReady];
}

interface KnownProps {
  readonly service: ServiceName;
  readonly status: ServiceStatus;
}

function Known({ service, status }: KnownProps) {
  const { texts, formats } = useWords();
  const words = texts.operations.health;
  const { outbox, inbox, parked, sockets, version, parts } = status;
  const ill = Object.entries(parts).filter(([, { ok }]) => !ok);
  const facts: (readonly [string, ReactNode])[] = [[words.version, version]];
  if (outbox !== undefined) {
    facts.push([words.outbox, formats.number(outbox.pending)]);
    if (outbox.pending > 0) facts.push([words.oldest, formats.duration(outbox.oldestSeconds * 1_000)]);
  }
  if (inbox !== undefined) {
    const waiting = behind(inbox);
    facts.push([words.inbox, words.behind(waiting)]);
    if (waiting > 0) facts.push([words.oldest, formats.duration(inbox.lagSeconds * 1_000)]);
  }
  if (hearers.includes(service))
    facts.push([
      words.parked,
      <AnchorLink
        key="parked"
        to="/operations/parked"
        search={{ service }}
        {...(parked > 0 && { c: 'var(--mantine-color-error)' })}
      >
        {formats.number(parked)}
      </AnchorLink>,
    ]);
  if (service === 'notifications') facts.push([words.sockets, formats.number(sockets)]);
  return (
    <>
      {ill.map(([part, { detail }]) => (
        <Text key={part} size="sm" c="var(--mantine-color-error)">
          {part}
          {detail !== undefined && `: ${detail}`}
        </Text>
      ))}
      <Facts facts={facts} />
      {outbox !== undefined && <PausablePart service={service} part="relay" paused={outbox.paused} />}
      {inbox !== undefined && <PausablePart service={service} part="consumers" paused={inbox.paused} />}
    </>
  );
}

const behind = ({ lag }: NonNullable<ServiceStatus['inbox']>): number =>
  Object.values(lag).reduce((sum, each) => sum + each, 0);
