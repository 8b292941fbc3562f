import type { Clock, Health, Log } from '@g-store/runtime';
import type { Broker } from '../broker.js';
import type { RelayTopic } from './appending.js';

/** Watches that the broker's topics have the partitions of the catalogue: with others, keys would change partitions. */
export interface TopicWatch {
  /** What is wrong, asked of the broker when the last answer is a minute old. */
  look(signal: AbortSignal): Promise<string | undefined>;
  /** What was wrong when last looked at; asks in the background now and then. */
  fault(): string | undefined;
}

export interface TopicWatchOptions {
  readonly broker: Broker;
  readonly topics: readonly RelayTopic[];
  readonly clock: Clock;
  readonly log: Log;
  readonly health?: Pick<Health, 'report'>;
}

const lookEveryMs = 60_000;

export function createTopicWatch({ broker, topics, clock, log, health }: TopicWatchOptions): TopicWatch {
  let fault: string | undefined;
  let lookedMs: number | undefined;
  let looking = false;
  const isStale = (): boolean => lookedMs === undefined || clock.monotonicMs() - lookedMs > lookEveryMs;

  async function look(): Promise<void> {
    looking = true;
    try {
      const found = wrongTopics(await broker.partitions(topics.map(({ name }) => name)), topics);
      if (found !== undefined && found !== fault)
        log.error({ fault: found }, 'the relay stops: topics are not as declared');
      fault = found;
      lookedMs = clock.monotonicMs();
      health?.report('relay', fault === undefined ? { ok: true } : { ok: false, detail: fault });
    } finally {
      looking = false;
    }
  }

  return {
    async look(signal) {
      // A broker that does not answer is no fault of the topics; but nobody leads without having seen them.
      if (lookedMs === undefined || fault !== undefined || isStale()) await unlessAborted(quietly(look(), log), signal);
      return lookedMs === undefined ? 'no word from the broker yet' : fault;
    },
    fault() {
      if (isStale() && !looking) void look().catch(() => undefined);
      return fault;
    },
  };
}

const quietly = (looking: Promise<void>, log: Log): Promise<void> =>
  looking.catch((error: unknown) => log.debug({ err: error }, 'the broker does not tell its topics'));

/** Resolves when the work is done or is not wanted any more. */
const unlessAborted = (work: Promise<void>, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    void work.then(done);
  });

function wrongTopics(count: ReadonlyMap<string, number>, topics: readonly RelayTopic[]): string | undefined {
  const wrong = topics.filter(({ name, partitions }) => count.get(name) !== partitions);
  if (wrong.length === 0) return undefined;
  return wrong
    .map(({ name, partitions }) => `${name} has ${count.get(name) ?? 0} partitions, not ${partitions}`)
    .join('; ');
}
