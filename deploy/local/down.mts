import { rmSync } from 'node:fs';
import { descriptionFile } from './description.mts';
import { partsOf } from './parts.mts';
import { isFree } from './ports.mts';
import { listenerOn } from './process-table.mts';
import { recordedNames, stop } from './processes.mts';
import type { Progress } from './progress.mts';
import type { Stack } from './settings.mts';

/** Stops what has a pid file, the gateway first and the databases last, whatever the settings say today. */
export async function down(stack: Stack, only: readonly string[] | undefined, progress: Progress): Promise<void> {
  const names = recordedNames(stack).filter(
    (name) => only === undefined || only.some((each) => name === each || name.replace(/-\d$/, '') === each),
  );
  if (only === undefined) rmSync(descriptionFile(stack), { force: true });
  for (const group of inOrder(names)) {
    await Promise.all(
      group.map((name) =>
        progress.step(
          name,
          () => stopPart(stack, name),
          (how) => (how === 'stopped' ? '' : how),
        ),
      ),
    );
  }
  if (only !== undefined) return;
  for (const { port, what } of partsOf(stack).flatMap(({ ports }) => ports)) {
    if (!(await isFree(port)))
      progress.note(
        `port ${port} (${what}) is held by ${listenerOn(port) ?? 'another program'}, which is not of this stack`,
      );
  }
}

/** PostgreSQL's SIGTERM waits for its last client; SIGINT is its orderly end. */
export const stopPart = (stack: Stack, name: string): ReturnType<typeof stop> =>
  stop(stack, name, name === 'postgres' ? 'SIGINT' : 'SIGTERM');

const inOrder = (names: readonly string[]): readonly (readonly string[])[] => {
  const last = ['kafka', 'postgres'];
  return [
    names.filter((name) => name === 'nginx'),
    names.filter((name) => name !== 'nginx' && !last.includes(name)),
    ...last.map((name) => names.filter((each) => each === name)),
  ];
};
