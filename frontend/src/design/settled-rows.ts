import { useState } from 'react';

interface Row {
  readonly id: string;
}

export interface Settled<T extends Row> {
  readonly rows: readonly T[];
  /** How many have come that wait to be shown. */
  readonly fresh: number;
}

/**
 * A list under somebody's pointer: what stands in it keeps its place, though it may have moved on or gone from `current`.
 * What comes behind the last row is added there; what would push rows down waits.
 */
export function settle<T extends Row>(shown: readonly T[], current: readonly T[]): Settled<T> {
  if (shown.length === 0) return { rows: current.length === 0 ? shown : current, fresh: 0 };
  const currentById = new Map(current.map((row) => [row.id, row]));
  const shownIds = new Set(shown.map(({ id }) => id));
  const behind = current.findLastIndex(({ id }) => shownIds.has(id));
  const added = behind === -1 ? [] : current.slice(behind + 1);
  const rows = shown.map((row) => currentById.get(row.id) ?? row);
  const same = added.length === 0 && rows.every((row, index) => row === shown[index]);
  const unseen = current.filter(({ id }) => !shownIds.has(id)).length;
  return { rows: same ? shown : [...rows, ...added], fresh: unseen - added.length };
}

/** `of` names the list: another one begins anew. */
export function useSettledRows<T extends Row>(of: string, current: readonly T[]) {
  const [kept, setKept] = useState({ of, shown: current });
  const settled = settle(kept.of === of ? kept.shown : [], current);
  if (kept.of !== of || kept.shown !== settled.rows) setKept({ of, shown: settled.rows });
  return {
    ...settled,
    /** Takes all that is there now. */
    showFresh: () => setKept({ of, shown: current }),
    /** For rows that are no longer in `current`. */
    patch: (change: (row: T) => T) =>
      setKept((before) => {
        const shown = before.shown.map(change);
        return shown.every((row, index) => row === before.shown[index]) ? before : { ...before, shown };
      }),
  };
}
