import type { ServiceStatus } from '@g-store/client';

/** How far a service is behind: in time, where it says so, and in messages of all partitions together. */
export function lagOf({ lag, lagSeconds }: NonNullable<ServiceStatus['inbox']>) {
  return { seconds: lagSeconds, messages: Object.values(lag).reduce((sum, each) => sum + each, 0) };
}
