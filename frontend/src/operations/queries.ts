import type { HeardEvent, Invariants, Journey, ServiceName, ShopClient } from '@g-store/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { EventsSearch, ParkedSearch } from './addresses.js';

export const operationsKeys = {
  statuses: ['operations', 'status'] as const,
  status: (service: ServiceName) => ['operations', 'status', service] as const,
  parked: (service: ServiceName) => ['operations', 'parked', service] as const,
  audit: (service: ServiceName) => ['operations', 'audit', service] as const,
  journey: (orderId: string) => ['operations', 'journey', orderId] as const,
  events: (filter: object) => ['operations', 'events', filter] as const,
};

/** What moves by itself is looked at this often. */
const LOOK_EVERY_MS = 5_000;
/** A service that has not answered by then does not answer: an operator waits for no repeats. */
const PATIENCE_MS = 5_000;

export const statusQuery = ({ operations }: ShopClient, service: ServiceName) =>
  queryOptions({
    queryKey: operationsKeys.status(service),
    queryFn: async ({ signal }) => {
      const soon = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      return (await operations[service].get('/v1/operations/status', { signal: soon })).data;
    },
    refetchInterval: LOOK_EVERY_MS,
  });

export const parkedQuery = ({ operations }: ShopClient, { service, topic, key, state }: Required<ParkedSearch>) =>
  infiniteQueryOptions({
    queryKey: [...operationsKeys.parked(service), { topic, key, state }] as const,
    queryFn: async ({ pageParam: cursor, signal }) =>
      (
        await operations[service].get('/v1/operations/parked', {
          query: { state, topic: topic || undefined, key: key || undefined, cursor, limit: 20 },
          signal,
        })
      ).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: LOOK_EVERY_MS,
  });

export const parkedMessageQuery = ({ operations }: ShopClient, service: ServiceName, id: string) =>
  queryOptions({
    queryKey: [...operationsKeys.parked(service), 'one', id] as const,
    queryFn: async ({ signal }) =>
      (await operations[service].get('/v1/operations/parked/{id}', { path: { id }, signal })).data,
  });

export const auditQuery = ({ operations }: ShopClient, service: ServiceName) =>
  infiniteQueryOptions({
    queryKey: operationsKeys.audit(service),
    queryFn: async ({ pageParam: cursor, signal }) =>
      (await operations[service].get('/v1/operations/audit', { query: { cursor, limit: 10 }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

export const journeyQuery = ({ journal }: ShopClient, orderId: string) =>
  queryOptions({
    queryKey: operationsKeys.journey(orderId),
    queryFn: async ({ signal }): Promise<Journey> =>
      (await journal.get('/v1/journeys/{orderId}', { path: { orderId }, signal })).data,
    // A new order is heard of in a moment; from then on its stream tells.
    refetchInterval: ({ state }) => state.data === undefined && LOOK_EVERY_MS,
  });

export const journeyStream = (orderId: string): string =>
  `/api/journal/v1/journeys/${encodeURIComponent(orderId)}?follow=true`;

interface EventPage {
  readonly items: readonly HeardEvent[];
  readonly nextCursor: string | null;
}

export type EventsFilter = Omit<EventsSearch, 'follow'>;

export const eventsQuery = ({ journal }: ShopClient, filter: EventsFilter) =>
  infiniteQueryOptions({
    queryKey: operationsKeys.events(filter),
    queryFn: async ({ pageParam: cursor, signal }): Promise<EventPage> =>
      (await journal.get('/v1/events', { query: { ...filter, cursor, limit: 30 }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

/** Only what begins now: what was before is in the list. */
export const eventsStream = ({ to: _, from: __, ...filter }: EventsFilter): string =>
  `/api/journal/v1/events?${new URLSearchParams({ ...filter, follow: 'true' })}`;

export const stuckQuery = ({ journal }: ShopClient) =>
  infiniteQueryOptions({
    queryKey: ['operations', 'stuck'],
    queryFn: async ({ pageParam: cursor, signal }) =>
      (await journal.get('/v1/stuck', { query: { cursor, limit: 20 }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: LOOK_EVERY_MS,
  });

export interface Looked extends Invariants {
  /** By the clock of the shop: that of this device may be wrong. */
  readonly lookedAt: string | null;
}

export const invariantsQuery = ({ journal }: ShopClient) =>
  queryOptions({
    queryKey: ['operations', 'invariants'],
    queryFn: async ({ signal }): Promise<Looked> => {
      const { data, headers } = await journal.get('/v1/invariants', { signal });
      return { ...data, lookedAt: headers.get('date') };
    },
    refetchInterval: LOOK_EVERY_MS,
  });
