import { uuidFloor } from '@g-store/messaging';
import type { Pool } from 'pg';
import type { EventFilter, Reader, StepEvent, Stuck } from '../application/reader.js';
import type { KeptEvent } from '../application/work.js';
import type { OrderJourney } from '../domain/order-journey.js';
import { events, journeys } from './tables.js';

/** Reads committed state on the pool; each question is a walk along one index. */
export const createJournalReader = (pool: Pick<Pool, 'query'>): Reader => ({
  async journey(orderId) {
    // One statement, so that the sums and the steps are of one moment. The span of its ids names the children to look at.
    const { rows } = await pool.query<JourneyRow>({
      name: 'journey',
      text: `SELECT ${columns(journeys, 'j', 'order.')}, ${columns(events, 'e')}, coalesce(r.times, 0) AS repeats
             FROM order_journey j JOIN events e ON e.order_id = j.order_id AND e.event_id BETWEEN j.first_event AND j.last_event
             LEFT JOIN event_repeat r ON r.event_id = e.event_id WHERE j.order_id = $1`,
      values: [orderId],
    });
    const [first] = rows;
    return first && { order: orderOf(first), events: rows };
  },

  async events(filter, { before, limit }) {
    const where = conditions(filter);
    if (before !== undefined) where.add((value) => `e.event_id < ${value}::uuid`, before);
    if (filter.from) where.add((value) => `e.event_id >= ${value}::uuid`, uuidFloor(filter.from.getTime()));
    if (filter.to) where.add((value) => `e.event_id < ${value}::uuid`, uuidFloor(filter.to.getTime()));
    const newest = `ORDER BY e.event_id DESC LIMIT ${where.value(limit)}`;
    const { types } = filter;
    if (types === undefined || filter.orderId !== undefined || filter.accountId !== undefined) {
      if (types) where.add((value) => `e.type = ANY (${value}::text[])`, types);
      const { rows } = await pool.query<KeptEvent>(`${selectEvents} ${where.text()} ${newest}`, where.values);
      return rows;
    }
    // The newest of each type, then of those: of a rare type nobody has to look at every event.
    const each = where.value(types);
    const { rows } = await pool.query<KeptEvent>(
      `SELECT found.* FROM unnest(${each}::text[]) AS wanted(type), LATERAL (${selectEvents} ${where.text('e.type = wanted.type')} ${newest}) found
       ORDER BY found."eventId" DESC LIMIT ${where.value(limit)}`,
      where.values,
    );
    return rows;
  },

  async event(eventId) {
    const { rows } = await pool.query<KeptEvent>({
      name: 'event',
      text: `${selectEvents} WHERE e.event_id = $1`,
      values: [eventId],
    });
    return rows[0];
  },

  async newest() {
    const { rows } = await pool.query<{ newest: bigint }>('SELECT events AS newest FROM tally');
    return rows[0]?.newest ?? 0n;
  },

  async arrived(after, filter, limit) {
    const where = conditions(filter);
    where.add((value) => `e.arrival > ${value}::bigint`, after);
    if (filter.types) where.add((value) => `e.type = ANY (${value}::text[])`, filter.types);
    const { rows } = await pool.query<KeptEvent>(
      `${selectEvents} ${where.text()} ORDER BY e.arrival LIMIT ${where.value(limit)}`,
      where.values,
    );
    return rows;
  },

  async stuck({ before, after, limit }) {
    const { rows } = await pool.query<Stuck>(
      `SELECT order_id AS "orderId", owner, status, waits_for AS step, waits_since AS since FROM order_journey
       WHERE waits_for IS NOT NULL AND waits_since < $1 AND heard_at < $1
         AND ($2::timestamptz IS NULL OR (waits_since, order_id) > ($2, $3::uuid))
       ORDER BY waits_since, order_id LIMIT $4`,
      [before, after?.since ?? null, after?.orderId ?? firstId, limit],
    );
    return rows;
  },
});

const firstId = '00000000-0000-0000-0000-000000000000';

const columns = (
  table: { readonly columns: Readonly<Record<string, readonly [string, string]>> },
  alias: string,
  prefix = '',
): string =>
  Object.entries(table.columns)
    .map(([field, [column]]) => `${alias}."${column}" AS "${prefix}${field}"`)
    .join(', ');

const selectEvents = `SELECT ${columns(events, 'e')} FROM events e`;

type JourneyRow = StepEvent & { readonly [Field in keyof OrderJourney as `order.${Field}`]: OrderJourney[Field] };

const orderOf = (row: JourneyRow): OrderJourney =>
  Object.fromEntries(
    Object.keys(journeys.columns).map((field) => [field, row[`order.${field}` as keyof JourneyRow]]),
  ) as unknown as OrderJourney;

interface Conditions {
  /** The parameter that stands for a value. */
  value(value: unknown): string;
  add(condition: (value: string) => string, value: unknown): void;
  text(...more: readonly string[]): string;
  readonly values: unknown[];
}

function conditions({ orderId, accountId }: EventFilter): Conditions {
  const texts: string[] = [];
  const values: unknown[] = [];
  const value = (one: unknown): string => `$${values.push(one)}`;
  const add: Conditions['add'] = (condition, one) => void texts.push(condition(value(one)));
  if (orderId !== undefined) add((id) => `e.order_id = ${id}::uuid`, orderId);
  if (accountId !== undefined) add((id) => `e.account_id = ${id}`, accountId);
  return {
    value,
    add,
    values,
    text: (...more) => (texts.length + more.length === 0 ? '' : `WHERE ${[...texts, ...more].join(' AND ')}`),
  };
}
