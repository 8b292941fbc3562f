import type { ParkedMessage, Released, ServiceName } from '@g-store/client';
import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useAnnounce } from '../design/announce.js';
import { BusyButton } from '../design/busy-button.js';
import { Notice } from '../design/notice.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../texts/texts.js';
import { useDrop, useRelease } from './actions.js';
import { DropDialog } from './drop-dialog.js';

interface Props {
  readonly service: ServiceName;
  readonly message: ParkedMessage;
}

/** Lets a message run, with what waits before and behind it, or gives it up. */
export function ParkedActions({ service, message: { id, state } }: Props) {
  const words = useWords().texts.operations.parked;
  const release = useRelease(service, id);
  const drop = useDrop(service, id);
  const [dropping, ask] = useDisclosure();
  const card = useRef<HTMLDivElement>(null);
  const waits = state === 'waiting';
  useEffect(() => {
    // The buttons went; who pressed one stays here.
    if (!waits && document.activeElement === document.body) card.current?.focus();
  }, [waits]);
  if (!waits && release.isIdle && drop.isIdle) return null;
  return (
    <Card ref={card} tabIndex={-1}>
      <Stack gap="md">
        {waits && <Text c="dimmed">{words.releaseHint}</Text>}
        {release.data && <ReleaseSaid released={release.data} />}
        {drop.isSuccess && <Said>{words.dropped}</Said>}
        {release.isError && <Problem error={release.error} onRetry={release.mutate} retrying={release.isPending} />}
        {drop.isError && <Problem error={drop.error} />}
        {waits && (
          <Group gap="sm">
            <BusyButton busy={release.isPending} onClick={() => release.mutate()}>
              {words.release}
            </BusyButton>
            <Button variant="default" onClick={ask.open}>
              {words.drop}
            </Button>
          </Group>
        )}
      </Stack>
      <DropDialog
        opened={dropping}
        onClose={ask.close}
        onConfirm={(reason) => {
          ask.close();
          if (!drop.isPending) drop.mutate(reason);
        }}
      />
    </Card>
  );
}

function ReleaseSaid({ released: { released, stopped } }: { readonly released: Released }) {
  const words = useWords().texts.operations.parked;
  return stopped === undefined ? (
    <Said>{words.released(released)}</Said>
  ) : (
    <Said bad>{words.stopped(released, stopped.error)}</Said>
  );
}

function Said({ bad = false, children }: { readonly bad?: boolean; readonly children: string }) {
  const announce = useAnnounce();
  useEffect(() => announce(children), [children, announce]);
  return <Notice tone={bad ? 'bad' : 'calm'}>{children}</Notice>;
}
