import { Button, Group, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useWords } from '../texts/texts.js';
import { Loading } from './loading.js';
import { Notice } from './notice.js';
import { Problem } from './problem.js';

interface Query<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly dataUpdatedAt: number;
  readonly isFetching: boolean;
  refetch(): unknown;
}

interface Props<T> {
  readonly query: Query<T>;
  readonly lines?: number;
  readonly children: (data: T) => ReactNode;
}

/** Whatever is read from the shop, in each of its states: coming, there, there but old, or not to be had. */
export function QueryView<T>({ query, lines = 4, children }: Props<T>) {
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    if (query.error === null) return <Loading lines={lines} />;
    return <Problem error={query.error} onRetry={retry} retrying={query.isFetching} />;
  }
  return (
    <>
      {query.error !== null && <Stale since={query.dataUpdatedAt} onRetry={retry} retrying={query.isFetching} />}
      {children(query.data)}
    </>
  );
}

interface StaleProps {
  readonly since: number;
  readonly onRetry: () => void;
  readonly retrying: boolean;
}

function Stale({ since, onRetry, retrying }: StaleProps) {
  const { texts, formats } = useWords();
  return (
    <Notice tone="caution" icon={IconHistory}>
      <Group gap="sm" justify="space-between">
        <Text size="sm">{texts.page.stale(formats.time(since))}</Text>
        <Button size="compact-sm" variant="default" onClick={onRetry} loading={retrying}>
          {texts.page.retry}
        </Button>
      </Group>
    </Notice>
  );
}
