import { uuidMs, type ConsumerFacts, type StreamFact, type TopicFacts } from './facts.mts';
import { examine, type Examination, type Finding } from './finding.mts';

/** I8, the half about events: `about` also counts the transfers. */
export function checkInboxes(
  about: Examination,
  consumers: readonly ConsumerFacts[],
  topics: readonly TopicFacts[],
  now: number,
): void {
  for (const consumer of consumers) {
    const heard = topics.filter(({ name }) => consumer.topics.includes(name));
    const rows = new Map<string, number>();
    for (const id of consumer.inbox) rows.set(id, (rows.get(id) ?? 0) + 1);
    about.look('inbox rows', consumer.inbox.length);
    const ids = new Set<string>();
    for (const { name, records } of heard)
      for (const { partition, offset, event } of records) {
        if (event === undefined || ids.has(event.id)) continue;
        ids.add(event.id);
        const count = rows.get(event.id) ?? 0;
        if (count !== 1)
          about.blame(
            `${consumer.name}: event ${event.id}, ${name}/${partition} at ${offset}`,
            rowsIn(count),
            rowsIn(1),
          );
      }
    const keptSince = now - Math.min(...heard.map(({ retentionMs }) => retentionMs));
    for (const [id, count] of rows) {
      if (ids.has(id)) continue;
      if (count > 1) about.blame(`${consumer.name}: event ${id}`, rowsIn(count), rowsIn(1));
      else if (uuidMs(id) > keptSince)
        about.blame(`${consumer.name}: event ${id}`, 'heard', 'in a topic that it hears');
    }
  }
}

const rowsIn = (count: number): string => `${count} inbox row${count === 1 ? '' : 's'}`;

/** I11. */
export function checkStreams(consumers: readonly ConsumerFacts[], topics: readonly TopicFacts[]): Finding {
  const about = examine(
    'I11',
    'each consumer has applied every version of each key that it heard of, and across no gap',
    ['streams', 'keys heard'],
  );
  for (const consumer of consumers)
    for (const topic of topics.filter(({ name }) => consumer.topics.includes(name))) checkTopic(about, consumer, topic);
  return about.finding();
}

function checkTopic(about: Examination, consumer: ConsumerFacts, topic: TopicFacts): void {
  const streams = new Map(
    consumer.streams.filter((stream) => stream.topic === topic.name).map((stream) => [stream.key, stream]),
  );
  about.look('streams', streams.size);
  const truncated = [...topic.ends.values()].some(({ low }) => low > 0n);
  const waitingByKey = new Map<string, number>();
  for (const { key, version, state } of consumer.parked.filter((parked) => parked.topic === topic.name))
    if (state === 'waiting') waitingByKey.set(key, Math.min(waitingByKey.get(key) ?? Infinity, version ?? Infinity));
  for (const [key, versions] of versionsByKey(topic)) {
    about.look('keys heard');
    const stream = streams.get(key);
    streams.delete(key);
    const what = `${consumer.name}: ${topic.name}, key ${key}`;
    if (stream === undefined) {
      if (!waitingByKey.has(key)) about.blame(what, 'nothing applied', `version ${Math.max(...versions)}`);
      continue;
    }
    const waiting = waitingByKey.get(key);
    if (waiting === undefined) checkApplied(about, what, stream, versions, truncated);
    else if (stream.version >= waiting || stream.hold === null)
      about.blame(what, `version ${stream.version} applied, ${waiting} parked`, 'to wait for what is parked');
  }
  if (truncated) return;
  for (const { key, version } of streams.values())
    if (version > 0) about.blame(`${consumer.name}: ${topic.name}, key ${key}`, `version ${version}`, 'in the topic');
}

function checkApplied(
  about: Examination,
  what: string,
  { version, hold, final }: StreamFact,
  versions: ReadonlySet<number>,
  truncated: boolean,
): void {
  const newest = Math.max(...versions);
  if (hold !== null) about.blame(what, `held (${hold}), nothing parked`, 'not held');
  if (version < newest || (version > newest && !truncated))
    about.blame(what, `version ${version} applied`, `version ${newest}`);
  const base = truncated ? Math.min(...versions) : 1;
  for (let each = base; each < Math.min(version, newest); each += 1)
    if (!versions.has(each) && !final) {
      about.blame(what, `version ${version} applied without version ${each}`, `to wait for version ${each}`);
      return;
    }
}

function versionsByKey({ records }: TopicFacts): ReadonlyMap<string, ReadonlySet<number>> {
  const byKey = new Map<string, Set<number>>();
  for (const { key, event } of records) {
    if (event === undefined || event.version === 0) continue;
    const versions = byKey.get(key) ?? new Set();
    byKey.set(key, versions.add(event.version));
  }
  return byKey;
}
