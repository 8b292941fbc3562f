import type { OrderHistoryEntry, OrderStatus } from '@g-store/client';

const way: readonly OrderStatus[] = ['PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'];

export interface Step {
  readonly status: OrderStatus;
  readonly phase: 'done' | 'current' | 'coming';
  readonly at: string | undefined;
}

/** The whole way, and where the order is on it; of a cancelled one only the way that it went. */
export function stepsOf(status: OrderStatus, entries: readonly OrderHistoryEntry[]): readonly Step[] {
  const timeOf = (step: OrderStatus) => entries.find((entry) => entry.status === step)?.at;
  if (status === 'CANCELLED') {
    const went = way.filter((step) => step === 'PENDING' || timeOf(step) !== undefined);
    return [
      ...went.map((step) => ({ status: step, phase: 'done', at: timeOf(step) }) as const),
      { status, phase: 'current', at: timeOf(status) },
    ];
  }
  const here = way.indexOf(status);
  return way.map((step, index) => ({
    status: step,
    phase: index < here ? 'done' : index === here ? 'current' : 'coming',
    at: index <= here ? timeOf(step) : undefined,
  }));
}
