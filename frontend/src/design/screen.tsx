import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { useAnnounce } from './announce.js';
import { useWords } from '../texts/texts.js';

interface Props {
  readonly title: string;
  readonly intro?: ReactNode;
  /** Beside the title: what can be done here. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The screen that a document is loaded with: there the browser begins at the top, with the way past the menu. */
let first = true;

/** A screen: its title in the window and as the one `h1`, where focus begins after moving here. */
export function Screen({ title, intro, actions, children }: Props) {
  const { texts } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const announce = useAnnounce();
  useEffect(() => {
    document.title = `${title} · ${texts.shop.name}`;
    announce(title);
  }, [title, texts, announce]);
  useEffect(() => {
    const loaded = first;
    first = false;
    // Not over a field that asked for focus itself.
    if (!loaded && document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="md">
        {/* Its longest word must not keep it from becoming narrow. */}
        <div style={{ overflowWrap: 'anywhere' }}>
          <Title order={1} ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {intro !== undefined && (
            <Text c="dimmed" mt={6} maw="40rem">
              {intro}
            </Text>
          )}
        </div>
        {actions !== undefined && (
          <Group gap="sm" className="no-print">
            {actions}
          </Group>
        )}
      </Group>
      {children}
    </Stack>
  );
}
