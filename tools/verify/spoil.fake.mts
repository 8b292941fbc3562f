import type { ConsumerFacts, TopicFacts, TopicRecord } from './facts.mts';
import { verdictOf } from './finding.mts';
import { checkWorld, healthyWorld, type World } from './world.fake.mts';

export const verdicts = (world: World, expected?: { parked: number; foreign: number }): Record<string, string> =>
  Object.fromEntries(checkWorld(world, expected).map((finding) => [finding.id, verdictOf(finding)]));

export const violated = (world: World, expected?: { parked: number; foreign: number }): string[] =>
  Object.entries(verdicts(world, expected)).flatMap(([id, verdict]) => (verdict === 'violated' ? [id] : []));

export const spoilt = (spoil: (world: World) => void): World => {
  const world = healthyWorld();
  spoil(world);
  return world;
};

/** The n-th of a list that is known to be so long. */
export function nth<T>(list: readonly T[], index: number): T {
  const found = list.at(index);
  if (found === undefined) throw new Error(`there is no ${index} in a list of ${list.length}`);
  return found;
}
export const change = <T,>(list: T[], index: number, to: Partial<T>): void => {
  list[index] = { ...nth(list, index), ...to };
};
export const changeRecords = (
  world: World,
  index: number,
  to: (records: readonly TopicRecord[]) => TopicRecord[],
): void => {
  const { records, ...topic } = nth(world.topics, index);
  world.topics[index] = { ...topic, records: to(records).map((record, n) => ({ ...record, offset: BigInt(n) })) };
};
export const changeConsumer = (
  world: World,
  name: string,
  to: (consumer: ConsumerFacts) => Partial<ConsumerFacts>,
): void => {
  const index = world.consumers.findIndex((consumer) => consumer.name === name);
  change(world.consumers, index, to(nth(world.consumers, index)));
};
export const truncate = (world: World, index: number): void => {
  const { ends: _, ...topic } = nth<TopicFacts>(world.topics, index);
  world.topics[index] = { ...topic, ends: new Map([[0, { low: 1n, high: 99n }]]) };
};

export const breakLedger = (world: World, id: 'I1' | 'I2' | 'I3' | 'I5' | 'I8'): void => {
  world.ledger = { ...world.ledger, broken: { ...world.ledger.broken, [id]: [wrong] } };
};
export const breakPoints = (world: World, id: 'I2' | 'I3' | 'I5' | 'I8'): void => {
  world.pointsLedger = { ...world.pointsLedger, broken: { ...world.pointsLedger.broken, [id]: [wrong] } };
};
/** Takes an event out of everywhere, as if it had never been told. */
export const forget = (world: World, lost: TopicRecord): void => {
  changeRecords(world, 0, (records) => records.filter((each) => each !== lost));
  world.outbox = world.outbox.filter(({ eventId }) => eventId !== lost.event?.id);
  world.consumers = world.consumers.map((each) => ({
    ...each,
    inbox: each.inbox.filter((id) => id !== lost.event?.id),
  }));
};
export const retell = (world: World, index: number, value: Record<string, unknown>): void =>
  changeRecords(world, 0, (records) =>
    records.map((record, n) =>
      n === index && record.event ? { ...record, event: { ...record.event, value } } : record,
    ),
  );
/** Parks a version of the first key that payments heard of, whose stream then stands so. */
export const park = (world: World, version: number, stream: Partial<ConsumerFacts['streams'][number]>): void => {
  changeStream(world, 'payments', 0, stream);
  changeConsumer(world, 'payments', ({ streams }) => ({
    parked: [{ topic: 'order.events', key: nth(streams, 0).key, version, state: 'waiting', reason: 'failed' }],
  }));
};
const wrong = { what: 'it', is: '1', shouldBe: '0' };
export const sortHistories = (histories: World['histories']): unknown =>
  histories.sort((a, b) => (a.orderId === b.orderId ? a.version - b.version : a.orderId < b.orderId ? -1 : 1));
export const changeStream = (world: World, name: string, index: number, to: object): void =>
  changeConsumer(world, name, ({ streams }) => ({
    streams: streams.map((stream, n) => (n === index ? { ...stream, ...to } : stream)),
  }));
