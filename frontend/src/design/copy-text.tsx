import { ActionIcon, Code, CopyButton, Group } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useWords } from '../texts/texts.js';

interface Props {
  readonly value: string;
  /** What the button says to who does not see its glyph. */
  readonly label: string;
}

/** Something that is meant for a machine: an id, a trace. It can be taken along. */
export function CopyText({ value, label }: Props) {
  const { texts } = useWords();
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex" maw="100%">
      <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <ActionIcon variant="subtle" size="sm" onClick={copy} aria-label={copied ? texts.page.copied : label}>
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          </ActionIcon>
        )}
      </CopyButton>
    </Group>
  );
}
