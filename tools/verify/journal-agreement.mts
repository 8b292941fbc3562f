import type { JournalFact, OrderFact } from './facts.mts';
import type { Examination } from './finding.mts';

/** I12 as far as the journal goes. `truncated`: what is gone from the topic may never have been heard. */
export function checkJournalAgrees(
  about: Examination,
  orders: readonly OrderFact[],
  { journal, truncated }: { readonly journal: readonly JournalFact[]; readonly truncated: boolean },
): void {
  const heardByOrder = new Map(journal.map((each) => [each.orderId, each]));
  about.look('journeys', journal.length);
  for (const { id, owner, status, version, amount } of orders) {
    const heard = heardByOrder.get(id);
    if (heard === undefined && truncated) continue;
    const agrees =
      heard?.owner === owner &&
      heard.status === status &&
      heard.version === version &&
      (heard.amount ?? amount) === amount;
    if (!agrees)
      about.blame(`order ${id}`, `journal: ${describe(heard)}`, describe({ owner, status, version, amount }));
  }
  const known = new Set(orders.map(({ id }) => id));
  for (const { orderId, ...heard } of journal)
    if (!known.has(orderId)) about.blame(`journal: ${orderId}`, describe(heard), 'an order that orders knows of');
}

const describe = (heard: Omit<JournalFact, 'orderId'> | undefined): string =>
  heard
    ? `${heard.owner}: ${heard.status ?? 'nothing'} ${heard.amount ?? ''} version ${heard.version}`
    : 'not heard of';
