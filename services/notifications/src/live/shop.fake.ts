import { createVirtualTime, type VirtualTime } from '@g-store/runtime';
import type { OrderState } from '../domain/order-state.js';
import type { HubLimits } from './hub.js';
import { createLive, type Live } from './live.js';
import { balanceMessage, orderMessage, type News } from './news.js';
import type { Member, Session } from './session.js';

/** Two partitions of orders, one of payments: a log that every instance reads at its own pace, and a projection at its own. */
const topics = [
  { name: 'orders', partitions: 2 },
  { name: 'payments', partitions: 1 },
] as const;
type TopicName = (typeof topics)[number]['name'];

export interface Frame {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly position: string;
}

interface Logged {
  readonly offset: bigint;
  readonly key: Buffer;
  readonly value: Buffer;
  readonly timestamp: number;
}

/** An order's id says where its events are: `a0` and `b0` in partition 0, `a1` in partition 1. */
export const partitionOf = (orderId: string): number => Number(orderId.at(-1)) % 2;

export interface Instance extends Live {
  /** Takes in at most so many records more of one partition, all by default. */
  take(topic: TopicName, partition: number, most?: number): void;
  takeAll(): void;
}

export interface Client {
  readonly session: Session;
  readonly frames: readonly Frame[];
  /** Changes and states, as `order status version`. */
  told(): readonly string[];
  readonly closed: { readonly code: number; readonly reason: string } | undefined;
  /** Bytes that the socket has not got rid of yet. */
  buffered: number;
  /** Whether what is written stays there. */
  blocked: boolean;
  readonly writes: number;
  flush(): void;
  leave(): void;
  lastPosition(): string;
}

export function createShop(time: VirtualTime = createVirtualTime()) {
  const logs = new Map<string, Logged[]>(
    topics.flatMap(({ name, partitions }) => Array.from({ length: partitions }, (_, at) => [`${name}/${at}`, []])),
  );
  const logOf = (topic: TopicName, partition: number): Logged[] => logs.get(`${topic}/${partition}`) ?? [];
  const versions = new Map<string, number>();
  const rows = new Map<string, OrderState>();
  const applied = [0, 0];
  const nextVersion = (key: string): number => {
    versions.set(key, (versions.get(key) ?? 0) + 1);
    return versions.get(key) ?? 1;
  };
  const append = (topic: TopicName, partition: number, news: News): void => {
    const log = logOf(topic, partition);
    log.push({
      offset: BigInt(log.length),
      key: Buffer.from(news.key),
      value: Buffer.from(JSON.stringify(news)),
      timestamp: time.now().getTime(),
    });
  };

  const shop = {
    time,
    logOf,
    /** What the database answers with; a test may make it slow or broken. */
    states: {
      read: async (orderId: string, partition: number) => {
        const state = rows.get(orderId);
        return { ...(state && { state }), applied: applied[partition] ?? 0 };
      },
    },
    /** An order's next version. */
    tell(orderId: string, owner: string, status: string): void {
      const version = nextVersion(orderId);
      const at = time.now();
      const reason = status === 'CANCELLED' ? { reason: 'CHANGED_MIND' } : {};
      const open = orderMessage({ orderId, status, version, at, ...reason });
      append('orders', partitionOf(orderId), {
        owner,
        key: orderId,
        version,
        occurredAtMs: at.getTime(),
        orderId,
        open,
      });
    },
    topUp(accountId: string, owner: string, change: bigint): void {
      const version = nextVersion(accountId);
      const at = time.now();
      const open = balanceMessage('balance.changed', {
        accountId,
        balance: change,
        change,
        kind: 'TOP_UP',
        version,
        at,
      });
      append('payments', 0, { owner, key: accountId, version, occurredAtMs: at.getTime(), open });
    },
    /** A record once more, as a relay sends it that republishes. */
    repeat(topic: TopicName, partition: number, offset: number): void {
      const log = logOf(topic, partition);
      const record = log[offset];
      if (record) log.push({ ...record, offset: BigInt(log.length), timestamp: time.now().getTime() });
    },
    /** The projection applies at most so many records more. */
    project(partition: number, most = Infinity): void {
      const from = applied[partition] ?? 0;
      for (const { value } of logOf('orders', partition).slice(from, from + most)) {
        const { owner, open } = JSON.parse(value.toString()) as News;
        const { data } = JSON.parse(`${open}}`) as { data: Omit<OrderState, 'owner' | 'at'> & { at: string } };
        if ((rows.get(data.orderId)?.version ?? 0) < data.version)
          rows.set(data.orderId, { ...data, status: data.status ?? 'CANCELLED', owner, at: new Date(data.at) });
        applied[partition] = (applied[partition] ?? 0) + 1;
      }
    },
    projectAll: () => [0, 1].forEach((partition) => shop.project(partition)),
    /** Begins to read `since` each offset, at the beginning by default. */
    start(
      since: Partial<Record<string, number>> = {},
      limits: Partial<HubLimits> = {},
      ring: { windowMs?: number; ringBytes?: number } = {},
    ): Instance {
      const live = createLive({
        epoch: 'here',
        topics,
        orders: { topic: 'orders', partitionOf },
        originOf: () => 0,
        states: { read: (...asked) => shop.states.read(...asked) },
        read: (_topic, { value }) => JSON.parse(String(value)) as News,
        count: () => undefined,
        windowMs: 600_000,
        ringBytes: 10_000_000,
        ...ring,
        limits,
        clock: time.clock,
        timers: time.timers,
      });
      const next = new Map([...logs.keys()].map((name) => [name, since[name] ?? 0]));
      live.feed.begin(new Map([...next].map(([name, offset]) => [name, BigInt(offset)])));
      const take: Instance['take'] = (topic, partition, most = Infinity) => {
        const from = next.get(`${topic}/${partition}`) ?? 0;
        const records = logOf(topic, partition).slice(from, from + most);
        next.set(`${topic}/${partition}`, from + records.length);
        live.feed.take({ topic, partition, records });
      };
      const takeAll = (): void =>
        topics.forEach(({ name, partitions }) => Array.from({ length: partitions }, (_, at) => take(name, at)));
      return { ...live, take, takeAll };
    },
    connect(instance: Live, member: Partial<Member> = {}): Client {
      const frames: Frame[] = [];
      let writes = 0;
      let closed: Client['closed'];
      const client = { buffered: 0, blocked: false };
      const seat = instance.hub.join(
        { userId: 'ann', staff: false, ...member },
        {
          buffered: () => client.buffered,
          write(bytes) {
            writes += 1;
            if (client.blocked) client.buffered += bytes.length;
            frames.push(...framesIn(bytes));
          },
          close: (code, reason) => void (closed = { code, reason }),
        },
      );
      return Object.defineProperties(client as Client, {
        session: { value: seat.session },
        frames: { value: frames },
        closed: { get: () => closed },
        writes: { get: () => writes },
        flush: { value: seat.flush },
        leave: { value: seat.leave },
        told: {
          value: () =>
            frames
              .filter(({ type }) => type.includes('.'))
              .map(
                ({ data }) =>
                  `${String(data['orderId'] ?? data['accountId'])} ${String(data['status'] ?? data['reason'] ?? data['change'])} ${String(data['version'])}`,
              ),
        },
        lastPosition: { value: () => frames.findLast(({ position }) => position !== undefined)?.position ?? '' },
      });
    },
  };
  return shop;
}

export type Shop = ReturnType<typeof createShop>;

/** The text frames in some bytes: whole ones, each in one fragment. */
function framesIn(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] !== 0x81) throw new Error('not the beginning of a text frame');
    const short = bytes[at + 1] ?? 0;
    const [head, length] = short < 126 ? [2, short] : [4, bytes.readUInt16BE(at + 2)];
    frames.push(JSON.parse(bytes.toString('utf8', at + head, at + head + length)) as Frame);
    at += head + length;
  }
  return frames;
}
