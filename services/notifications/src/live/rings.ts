import { createDeque, firstIndex, type Deque } from './deque.js';
import type { Entry, News } from './news.js';
import type { Vector } from './vector.js';

/** The newest news of every partition, from which reconnecting clients are told what they missed. */
export interface Rings {
  /** Where reading begins in a partition. */
  begin(slot: number, offset: number): void;
  add(slot: number, record: { readonly offset: number; readonly atMs: number }, news: News): Entry;
  /** A record that is no news; the feed has come past it all the same. */
  pass(slot: number, offset: number): void;
  /** How far the feed has come. */
  head(): Vector;
  startOf(slot: number): number;
  /** Whether everything from there on is still here. */
  reaches(vector: Vector): boolean;
  /** Everything from there on, in the order in which it came. */
  since(vector: Vector): readonly Entry[];
  sinceOfOwner(vector: Vector, owner: string): readonly Entry[];
  /** Of one key in one partition from an offset on. */
  sinceOfKey(slot: number, offset: number, key: string): readonly Entry[];
  /** How far the feed had come when it took `seq` in, and at least to `floor`. */
  vectorAt(seq: number, floor: Vector): Vector;
  readonly bytes: number;
}

export interface RingOptions {
  readonly slots: number;
  readonly windowMs: number;
  /** Of one partition. */
  readonly maxBytes: number;
  readonly nowMs: () => number;
}

interface Ring {
  readonly entries: Deque<Entry>;
  start: number;
  next: number;
  bytes: number;
}

/** What an entry takes beside its text: strings of its ids, the object, its places in two lists. */
const ENTRY_BYTES = 320;
/** A position further ahead than another instance can be is of a topic that was made anew. */
const FURTHEST_AHEAD = 1_000_000;

export function createRings({ slots, windowMs, maxBytes, nowMs }: RingOptions): Rings {
  const rings: readonly Ring[] = Array.from({ length: slots }, () => ({
    entries: createDeque(),
    start: 0,
    next: 0,
    bytes: 0,
  }));
  const byOwner = new Map<string, Deque<Entry>>();
  let seq = 0;
  let bytes = 0;

  const ringOf = (slot: number): Ring => {
    const ring = rings[slot];
    if (ring === undefined) throw new RangeError(`there is no slot ${slot}`);
    return ring;
  };
  const isHere = ({ slot, offset }: Entry): boolean => offset >= ringOf(slot).start;

  const evictOldest = (ring: Ring): void => {
    const gone = ring.entries.shift();
    if (gone === undefined) return;
    ring.start = gone.offset + 1;
    ring.bytes -= sizeOf(gone);
    bytes -= sizeOf(gone);
    const ofOwner = byOwner.get(gone.owner);
    if (ofOwner === undefined) return;
    for (let oldest = ofOwner.at(0); oldest !== undefined && !isHere(oldest); oldest = ofOwner.at(0)) ofOwner.shift();
    if (ofOwner.length === 0) byOwner.delete(gone.owner);
  };
  const evict = (ring: Ring): void => {
    const oldestMs = nowMs() - windowMs;
    for (let oldest = ring.entries.at(0); oldest !== undefined; oldest = ring.entries.at(0)) {
      if (oldest.atMs >= oldestMs && ring.bytes <= maxBytes) return;
      evictOldest(ring);
    }
  };
  /** Offsets follow each other; where they do not, what lies between was never seen, and nobody can be told of it. */
  const come = (slot: number, offset: number): Ring => {
    const ring = ringOf(slot);
    if (offset !== ring.next) {
      while (ring.entries.length > 0) evictOldest(ring);
      ring.start = offset;
    }
    ring.next = offset + 1;
    return ring;
  };
  const from = (slot: number, offset: number): readonly Entry[] => {
    const { entries } = ringOf(slot);
    return entries.from(firstIndex(entries, (entry) => entry.offset >= offset));
  };

  return {
    begin(slot, offset) {
      Object.assign(ringOf(slot), { start: offset, next: offset });
    },
    add(slot, { offset, atMs }, news) {
      const ring = come(slot, offset);
      const entry: Entry = { ...news, seq: (seq += 1), slot, offset, atMs };
      ring.entries.push(entry);
      ring.bytes += sizeOf(entry);
      bytes += sizeOf(entry);
      const ofOwner = byOwner.get(entry.owner) ?? createDeque<Entry>();
      byOwner.set(entry.owner, ofOwner);
      ofOwner.push(entry);
      evict(ring);
      return entry;
    },
    pass: (slot, offset) => evict(come(slot, offset)),
    head: () => rings.map(({ next }) => next),
    startOf: (slot) => ringOf(slot).start,
    reaches(vector) {
      rings.forEach(evict);
      return rings.every(({ start, next }, slot) => {
        const offset = vector[slot] ?? -1;
        return offset >= start && offset - next <= FURTHEST_AHEAD;
      });
    },
    since: (vector) => rings.flatMap((_, slot) => from(slot, vector[slot] ?? 0)).sort((a, b) => a.seq - b.seq),
    sinceOfOwner: (vector, owner) =>
      byOwner
        .get(owner)
        ?.from(0)
        .filter((entry) => isHere(entry) && entry.offset >= (vector[entry.slot] ?? 0)) ?? [],
    sinceOfKey: (slot, offset, key) => from(slot, offset).filter((entry) => entry.key === key),
    vectorAt: (at, floor) =>
      rings.map(({ entries }, slot) => {
        const last = entries.at(firstIndex(entries, (entry) => entry.seq > at) - 1);
        return Math.max(floor[slot] ?? 0, last === undefined ? 0 : last.offset + 1);
      }),
    get bytes() {
      return bytes;
    },
  };
}

const sizeOf = ({ open }: Entry): number => open.length + ENTRY_BYTES;
