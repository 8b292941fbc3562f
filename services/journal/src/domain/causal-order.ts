/** What of an event tells where it stands among the others of its order. */
export interface Caused {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  /** 0: unversioned. */
  readonly version: number;
  readonly causationId: string | null;
  readonly occurredAt: Date;
}

/**
 * Causes before what they caused, and each key in its versions, whatever the clocks of the services say; what neither
 * binds goes by time. A circle, which no honest sender makes, is broken at its earliest event.
 */
export function inCausalOrder<E extends Caused>(events: readonly E[]): readonly E[] {
  const left = [...events].sort(byTime);
  const done = new Set<string>();
  const known = new Set(left.map(({ id }) => id));
  const waits = (event: E): boolean =>
    (event.causationId !== null && known.has(event.causationId) && !done.has(event.causationId)) ||
    left.some((other) => isBefore(other, event));
  const ordered: E[] = [];
  while (left.length > 0) {
    const next = Math.max(
      0,
      left.findIndex((event) => !waits(event)),
    );
    const [event] = left.splice(next, 1) as [E];
    done.add(event.id);
    ordered.push(event);
  }
  return ordered;
}

const isBefore = (one: Caused, other: Caused): boolean =>
  one.topic === other.topic && one.key === other.key && one.version > 0 && one.version < other.version;

const byTime = (a: Caused, b: Caused): number =>
  a.occurredAt.getTime() - b.occurredAt.getTime() || (a.id < b.id ? -1 : 1);
