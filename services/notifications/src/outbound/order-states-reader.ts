import type { Pool } from 'pg';
import type { OrderState } from '../domain/order-state.js';
import type { OrderStates } from '../live/present-state.js';
import { toOrderState } from './notification-work.js';
import type { OrderStateRow } from './tables.js';

export interface OrderStatesOptions {
  readonly pool: Pick<Pool, 'query'>;
  /** The name under which the projection keeps its offsets. */
  readonly consumer: string;
  readonly topic: string;
  /** Offsets of another cluster mean nothing. */
  readonly cluster: string;
}

interface Asked {
  readonly orderId: string;
  readonly partition: number;
  readonly resolve: (found: { readonly state?: OrderState; readonly applied?: number }) => void;
  readonly reject: (error: unknown) => void;
}

const MOST_AT_ONCE = 1_000;

/** Row and applied offset come from one statement, hence one snapshot. Who asks while one is under way shares the next one. */
export function createOrderStatesReader({ pool, consumer, topic, cluster }: OrderStatesOptions): OrderStates {
  let waiting: Asked[] = [];
  let reading = false;

  const readAll = async (asked: readonly Asked[]): Promise<void> => {
    try {
      const { rows } = await pool.query<FoundRow>({
        name: 'order states',
        text: `SELECT a.place::int AS place, p.next_offset::text AS applied, s.order_id AS "orderId", s.owner, s.status, s.reason, s.version, s.at
               FROM unnest($1::uuid[], $2::integer[]) WITH ORDINALITY a (order_id, partition, place)
               LEFT JOIN order_state s ON s.order_id = a.order_id
               LEFT JOIN progress p ON p.consumer = $3 AND p.topic = $4 AND p.partition = a.partition AND p.cluster = $5`,
        values: [
          asked.map(({ orderId }) => orderId),
          asked.map(({ partition }) => partition),
          consumer,
          topic,
          cluster,
        ],
      });
      for (const row of rows) asked[row.place - 1]?.resolve(toFound(row));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };
  const readOn = async (): Promise<void> => {
    reading = true;
    while (waiting.length > 0) {
      const asked = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      await readAll(asked);
    }
    reading = false;
  };

  return {
    read: (orderId, partition) =>
      new Promise((resolve, reject) => {
        waiting.push({ orderId, partition, resolve, reject });
        if (!reading) void readOn();
      }),
  };
}

interface FoundRow extends Omit<OrderStateRow, 'orderId'> {
  readonly place: number;
  /** Null when there is no such order; then so is all that belongs to it. */
  readonly orderId: string | null;
  readonly applied: string | null;
}

const toFound = ({ place: _place, applied, orderId, ...row }: FoundRow): { state?: OrderState; applied?: number } => ({
  ...(orderId !== null && { state: toOrderState({ orderId, ...row }) }),
  ...(applied !== null && { applied: Number(applied) }),
});
