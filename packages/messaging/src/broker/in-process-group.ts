import type { Log, Randomness, Timers } from '@g-store/runtime';
import { partitionKey, type GroupReading, type Reading } from '../broker.js';
import { createPump, pauseAfter, type PartitionPump } from './partition-pump.js';
import type { PartitionLog } from './partition-log.js';

export interface InProcessGroup {
  join(reading: GroupReading): Reading;
  /** Hands over what is new in these partitions and resolves when it is handled; rejects when the last member goes before that. */
  handle(touched: Iterable<PartitionLog>): Promise<void>;
  /** Offset up to which a partition is handled; its end when the group does not read it. */
  handled(log: PartitionLog): bigint;
  /** @throws when a topic of these partitions has been read by this group, and nobody does now. */
  refuseIfAbandoned(touched: Iterable<PartitionLog>): void;
  close(): Promise<void>;
}

export interface GroupOptions {
  readonly name: string;
  readonly logs: readonly PartitionLog[];
  readonly timers: Timers;
  readonly randomness: Randomness;
  readonly log: Log;
}

interface Member {
  readonly reading: GroupReading;
  pumps: Map<PartitionLog, PartitionPump>;
  ready: boolean;
  held: boolean;
}

interface Waiter {
  readonly log: PartitionLog;
  readonly until: bigint;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

export function createGroup({ name, logs, timers, randomness, log }: GroupOptions): InProcessGroup {
  const members: Member[] = [];
  const everRead = new Set<string>();
  let waiters: Waiter[] = [];
  let generation = new AbortController();
  let stopped: Promise<unknown> = Promise.resolve();

  const pumpOf = (each: PartitionLog): PartitionPump | undefined =>
    members.map(({ pumps }) => pumps.get(each)).find((pump) => pump !== undefined);
  const isAbandoned = ({ topic }: PartitionLog): boolean =>
    everRead.has(topic) && !members.some(({ reading }) => reading.topics.includes(topic));
  const abandoned = (each: PartitionLog): Error => new Error(`nobody of group ${name} reads ${each.topic} any more`);

  const settleWaiters = (): void => {
    const settled = waiters.filter(
      ({ log: each, until }) => isAbandoned(each) || (pumpOf(each)?.handled ?? -1n) >= until,
    );
    waiters = waiters.filter((waiter) => !settled.includes(waiter));
    for (const { log: each, resolve, reject } of settled) isAbandoned(each) ? reject(abandoned(each)) : resolve();
  };

  const rebalance = (): void => {
    generation.abort();
    generation = new AbortController();
    const pumps = members.flatMap((member) => [...member.pumps.values()]);
    for (const member of members) [member.pumps, member.ready] = [new Map(), false];
    stopped = Promise.all([stopped, ...pumps.map((pump) => pump.stop())]);
    settleWaiters();
    const owned = assign(logs, members);
    for (const member of members) void begin(member, owned.get(member) ?? [], generation.signal);
  };

  const begin = async (member: Member, owned: readonly PartitionLog[], signal: AbortSignal): Promise<void> => {
    // A batch still in hand may commit: only afterwards do the positions say what is left.
    await stopped;
    const positions = await positionsOf(member, owned, signal);
    if (signal.aborted || positions === undefined) return;
    for (const each of owned) {
      const { topic, partition } = each;
      const from = each.clamp(positions.get(partitionKey(topic, partition)));
      const { maxBatch, onBatch } = member.reading;
      const pump = createPump({
        topic,
        partition,
        from,
        maxBatch,
        onBatch,
        onHandled: settleWaiters,
        timers,
        randomness,
        log,
      });
      pump.hold(member.held);
      member.pumps.set(each, pump);
      deliver(each);
    }
    member.ready = true;
    settleWaiters();
  };

  const positionsOf = async ({ reading }: Member, owned: readonly PartitionLog[], signal: AbortSignal) => {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await reading.positions(owned.map(({ topic, partition }) => ({ topic, partition })));
      } catch (error) {
        log.warn({ err: error, group: name }, 'the positions to read from are not known');
        await pauseAfter(failures, { timers, randomness }, signal);
      }
    }
    return undefined;
  };

  const deliver = (each: PartitionLog): void => {
    const pump = pumpOf(each);
    if (pump !== undefined && pump.expected < each.end) pump.enqueue(each.from(pump.expected), each.end, each.end);
  };

  const leave = async (member: Member): Promise<void> => {
    if (!members.includes(member)) return;
    members.splice(members.indexOf(member), 1);
    const pumps = [...member.pumps.values()].map((pump) => pump.stop());
    stopped = Promise.all([stopped, ...pumps]);
    rebalance();
    await Promise.all(pumps);
  };

  return {
    join(reading) {
      const member: Member = { reading, pumps: new Map(), ready: false, held: false };
      members.push(member);
      for (const topic of reading.topics) everRead.add(topic);
      rebalance();
      return toReading(member, () => leave(member));
    },
    async handle(touched) {
      const read = [...touched].filter(({ topic }) => everRead.has(topic));
      const handled = read.map(
        (each) => new Promise<void>((resolve, reject) => waiters.push({ log: each, until: each.end, resolve, reject })),
      );
      read.forEach(deliver);
      settleWaiters();
      await Promise.all(handled);
    },
    handled: (each) => (everRead.has(each.topic) ? (pumpOf(each)?.handled ?? each.start) : each.end),
    refuseIfAbandoned(touched) {
      for (const each of touched) if (isAbandoned(each)) throw abandoned(each);
    },
    async close() {
      await Promise.all([...members].map(leave));
    },
  };
}

/** Partitions dealt out in turn among the members that read their topic. */
function assign(logs: readonly PartitionLog[], members: readonly Member[]): ReadonlyMap<Member, PartitionLog[]> {
  const owned = new Map<Member, PartitionLog[]>(members.map((member) => [member, []]));
  for (const each of logs) {
    const readers = members.filter(({ reading }) => reading.topics.includes(each.topic));
    const owner = readers[each.partition % readers.length];
    if (owner !== undefined) owned.get(owner)?.push(each);
  }
  return owned;
}

function toReading(member: Member, leave: () => Promise<void>): Reading {
  const hold = (held: boolean) => () => {
    member.held = held;
    for (const pump of member.pumps.values()) pump.hold(held);
  };
  return {
    get ready() {
      return member.ready;
    },
    pause: hold(true),
    resume: hold(false),
    lag: () =>
      new Map(
        [...member.pumps].map(([each, { handled }]) => [partitionKey(each.topic, each.partition), each.end - handled]),
      ),
    commit: () => {},
    [Symbol.asyncDispose]: leave,
  };
}
