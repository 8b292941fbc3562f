import type { ServiceName } from '@g-store/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useShop } from '../session/shop.js';
import { operationsKeys } from './queries.js';

export type Part = 'relay' | 'consumers';

/** Holds a part of a service back, or lets it go on. */
export function usePausing(service: ServiceName, part: Part) {
  const { operations } = useShop();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: 'pause' | 'resume') => operations[service].post(`/v1/operations/${part}/${act}`),
    // Waited for: the button means the other thing only once the state is shown.
    onSettled: () => client.invalidateQueries({ queryKey: operationsKeys.status(service) }),
  });
}

function useParkedChanged(service: ServiceName) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: operationsKeys.parked(service) }),
      client.invalidateQueries({ queryKey: operationsKeys.status(service) }),
      client.invalidateQueries({ queryKey: operationsKeys.audit(service) }),
    ]);
}

/** Runs everything that waits of a message's key, in order. */
export function useRelease(service: ServiceName, id: string) {
  const { operations } = useShop();
  const onSettled = useParkedChanged(service);
  return useMutation({
    mutationFn: async () =>
      (await operations[service].post('/v1/operations/parked/{id}/release', { path: { id } })).data,
    onSettled,
  });
}

export function useDrop(service: ServiceName, id: string) {
  const { operations } = useShop();
  const onSettled = useParkedChanged(service);
  return useMutation({
    mutationFn: (reason: string) =>
      operations[service].post('/v1/operations/parked/{id}/drop', { path: { id }, body: { reason } }),
    onSettled,
  });
}

export interface ReleaseAll {
  readonly topic?: string;
  readonly key?: string;
  /** Keys a second. */
  readonly rate: number;
}

export function useReleaseAll(service: ServiceName) {
  const { operations } = useShop();
  const onSettled = useParkedChanged(service);
  return useMutation({
    mutationFn: async (body: ReleaseAll) =>
      (await operations[service].post('/v1/operations/parked/release', { body })).data,
    onSettled,
  });
}
