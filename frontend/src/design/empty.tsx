import { Card, Stack, Text, Title } from '@mantine/core';
import { IconLeaf, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  /** Why there is nothing. */
  readonly title: string;
  readonly next?: string | undefined;
  readonly icon?: Icon;
  /** What to do about it. */
  readonly children?: ReactNode;
}

/** Nothing to show: says why, and what next. */
export function Empty({ title, next, icon: Glyph = IconLeaf, children }: Props) {
  return (
    <Card>
      <Stack align="center" gap="sm" py="lg" ta="center">
        <Glyph size={40} stroke={1.25} aria-hidden style={{ color: 'var(--mantine-color-dimmed)' }} />
        <Title order={2}>{title}</Title>
        {next !== undefined && <Text c="dimmed">{next}</Text>}
        {children}
      </Stack>
    </Card>
  );
}
