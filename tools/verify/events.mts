import { uuidMs, type OutboxFact, type TopicFacts, type TopicRecord } from './facts.mts';
import { examine, type Finding } from './finding.mts';

export interface EventsOptions {
  /** Now, ms since the epoch: what is older than a topic keeps it may be gone. */
  readonly now: number;
  /** Records that a test has put there, told by nobody's outbox. */
  readonly foreign: number;
}

/** I9. */
export function checkDelivery(
  outbox: Iterable<OutboxFact>,
  topics: readonly TopicFacts[],
  { now, foreign }: EventsOptions,
): Finding {
  const about = examine('I9', 'what the outboxes tell is in Kafka, and nothing else is', ['outbox rows', 'records']);
  const topicByName = new Map(topics.map((topic) => [topic.name, { topic, recordById: recordsById(topic) }]));
  const told = new Set<string>();
  for (const row of outbox) {
    about.look('outbox rows');
    const what = `event ${row.eventId} of ${row.topic}, key ${row.key}`;
    if (told.has(row.eventId)) about.blame(what, 'twice in the outbox', 'once');
    told.add(row.eventId);
    const { topic, recordById } = topicByName.get(row.topic) ?? {};
    const record = recordById?.get(row.eventId);
    if (record === undefined) {
      const low = topic?.ends.get(row.partition)?.low ?? 0n;
      const mayHaveExpired = topic !== undefined && low > 0n && row.createdAt < now - topic.retentionMs;
      if (!mayHaveExpired) about.blame(what, 'in the outbox only', 'in Kafka too');
    } else if (record.digest !== row.digest) {
      about.blame(what, 'other bytes in Kafka', 'the bytes of the outbox');
    } else if (record.partition !== row.partition) {
      about.blame(what, `in partition ${record.partition}`, `partition ${row.partition}, where its key belongs`);
    }
  }
  const strangers = topics.flatMap((topic) => foreignOf(topic, told, now));
  for (const topic of topics) about.look('records', topic.records.length);
  if (strangers.length !== foreign)
    for (const each of strangers.length > 0 ? strangers : ['foreign records'])
      about.blame(each, 'in Kafka, in no outbox', `${foreign} such records in all`);
  return about.finding();
}

const recordsById = ({ records }: TopicFacts): ReadonlyMap<string, TopicRecord> => {
  const byId = new Map<string, TopicRecord>();
  for (const record of records) if (record.event && !byId.has(record.event.id)) byId.set(record.event.id, record);
  return byId;
};

/** Outboxes keep their rows at least as long as the topic does. */
function foreignOf({ name, retentionMs, records }: TopicFacts, told: ReadonlySet<string>, now: number): string[] {
  const strangers = new Map<string, string>();
  for (const { partition, offset, event } of records) {
    if (event && (told.has(event.id) || uuidMs(event.id) < now - retentionMs)) continue;
    const where = `${name}/${partition} at ${offset}`;
    strangers.set(event?.id ?? where, event ? `event ${event.id}, ${where}` : `unreadable bytes, ${where}`);
  }
  return [...strangers.values()];
}

interface SeenKey {
  readonly partition: number;
  readonly base: number;
  last: number;
}

/** I10. */
export function checkOrder(topics: readonly TopicFacts[]): Finding {
  const about = examine('I10', 'of each key Kafka has version 1, 2, 3 … in that order; repeats are the same bytes', [
    'records',
    'keys',
  ]);
  for (const topic of topics) {
    const seenByKey = new Map<string, SeenKey>();
    const digestById = new Map<string, string>();
    for (const { partition, offset, key, digest, event } of topic.records) {
      about.look('records');
      if (event === undefined) continue;
      const what = `${topic.name}/${partition} at ${offset}, key ${key}`;
      const before = digestById.get(event.id);
      if (before !== undefined) {
        if (before !== digest) about.blame(what, `event ${event.id} again with other bytes`, 'the same bytes');
        continue;
      }
      digestById.set(event.id, digest);
      const truncated = (topic.ends.get(partition)?.low ?? 0n) > 0n;
      const seen = seenByKey.get(key);
      if (seen === undefined) {
        about.look('keys');
        seenByKey.set(key, { partition, base: event.version, last: event.version });
        if (event.version > 1 && !truncated) about.blame(what, `begins with version ${event.version}`, 'version 1');
        continue;
      }
      if (seen.partition !== partition) about.blame(what, `also in partition ${seen.partition}`, 'one partition');
      if (event.version === 0) continue;
      // A republished event whose first record has expired.
      if (truncated && event.version < seen.base) continue;
      if (event.version !== seen.last + 1)
        about.blame(what, `version ${event.version} after ${seen.last}`, `version ${seen.last + 1}`);
      seen.last = Math.max(seen.last, event.version);
    }
  }
  return about.finding();
}
