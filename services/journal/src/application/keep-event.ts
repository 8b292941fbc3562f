import { enter, type Entry } from '../domain/account-fold.js';
import { hear, type Change } from '../domain/order-journey.js';
import type { KeptEvent, Work } from './work.js';

/** What an event is about, and what it says of that. */
export interface About {
  readonly orderId?: string;
  readonly accountId?: string;
  readonly change?: Change;
  readonly entry?: Entry;
}

/** Keeps an event as it is, right or wrong, and adds it to its order and its account. */
export async function keepEvent(
  work: Work,
  event: Omit<KeptEvent, 'heardAt' | 'orderId' | 'accountId' | 'arrival'>,
  { owner, orderId, accountId, change = {}, entry }: About & { readonly owner: string },
): Promise<void> {
  const { eventId, occurredAt } = event;
  const { now } = work;
  const tally = await work.tally();
  const journey = orderId === undefined ? undefined : await work.journey(orderId);
  const account = entry && (await work.account(entry.kind, entry.accountId));
  const arrival = tally.events + 1n;

  work.keep({ ...event, orderId: orderId ?? null, accountId: accountId ?? null, heardAt: now, arrival });
  if (orderId !== undefined)
    work.recordJourney(hear(journey, { orderId, owner, eventId, occurredAt, change, now }), journey === undefined);
  if (entry) work.recordAccount(enter(account, entry, now), account === undefined);
  const isNewAccount = (kind: Entry['kind']): bigint => (entry?.kind === kind && account === undefined ? 1n : 0n);
  work.recordTally({
    events: arrival,
    orders: tally.orders + (orderId !== undefined && journey === undefined ? 1n : 0n),
    moneyAccounts: tally.moneyAccounts + isNewAccount('money'),
    pointsAccounts: tally.pointsAccounts + isNewAccount('points'),
  });
}
