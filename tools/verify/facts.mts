/** What the databases and topics of a stack hold, as the checks look at it. */

export interface TopicFacts {
  readonly name: string;
  readonly retentionMs: number;
  /** By partition: the earliest offset kept, and the one after the newest. */
  readonly ends: ReadonlyMap<number, { readonly low: bigint; readonly high: bigint }>;
  /** In order of offset within each partition. */
  readonly records: readonly TopicRecord[];
}

export interface TopicRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  /** Of the bytes. */
  readonly digest: string;
  /** Undefined: the bytes could not be read as an event of this topic. */
  readonly event?: ReadEvent;
}

export interface ReadEvent {
  readonly id: string;
  readonly version: number;
  readonly owner: string;
  readonly case: string | undefined;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface OutboxFact {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly eventId: string;
  readonly digest: string;
  readonly createdAt: number;
}

/** What one consumer has written down about what it heard. */
export interface ConsumerFacts {
  readonly name: string;
  readonly topics: readonly string[];
  /** Event ids, a repeated one as often as it is there. */
  readonly inbox: readonly string[];
  readonly streams: readonly StreamFact[];
  readonly parked: readonly ParkedFact[];
}

export interface StreamFact {
  readonly topic: string;
  readonly key: string;
  readonly version: number;
  readonly hold: string | null;
  readonly final: boolean;
}

export interface ParkedFact {
  readonly topic: string;
  readonly key: string;
  readonly version: number | null;
  readonly state: string;
  readonly reason: string;
}

export interface OrderFact {
  readonly id: string;
  readonly owner: string;
  /** Minor units. */
  readonly amount: bigint;
  /** In 1/100 point, which pay as much in minor units. */
  readonly pointsToSpend: bigint;
  readonly status: string;
  readonly reason: string | null;
  readonly version: number;
  /** In 1/100 point, as its owner is shown; null where nothing is known of a reward. */
  readonly earned: bigint | null;
}

export interface HistoryFact {
  readonly orderId: string;
  readonly version: number;
  readonly status: string;
  readonly reason: string | null;
}

export interface PaymentFact {
  readonly orderId: string;
  readonly owner: string;
  readonly state: string;
  readonly amount: bigint;
  readonly reason: string | null;
}

/** What points knows of an order, in 1/100 point. */
export interface PointsFact {
  readonly orderId: string;
  readonly owner: string;
  readonly state: string;
  /** Spent, or asked for and refused. */
  readonly points: bigint;
  /** Who has the reward of its number, and how much; null where nobody has any. */
  readonly earnedBy: string | null;
  readonly earned: bigint | null;
}

/** What accrual has worked out for an issued order. */
export interface RewardFact {
  readonly orderId: string;
  readonly owner: string;
  /** 0 when nothing meets its goods. */
  readonly points: bigint;
}

/** An order as the owner's notification centre knows it. */
export interface NotifiedFact {
  readonly orderId: string;
  readonly owner: string;
  readonly status: string;
  readonly version: number;
  /** As the owner was told when the order was placed; null when that line is gone. */
  readonly amount: bigint | null;
}

/** An order as the journal has added it up. */
export interface JournalFact {
  readonly orderId: string;
  readonly owner: string;
  /** Null: orders has told nothing of it. */
  readonly status: string | null;
  readonly version: number;
  /** Null where its creation was told before the journal listened. */
  readonly amount: bigint | null;
}

/** A UUIDv7 carries the time it was made at, ms since the epoch. */
export const uuidMs = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
