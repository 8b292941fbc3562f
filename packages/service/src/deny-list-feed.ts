import { decode, IdentityEvent, topics } from '@g-store/contracts';
import type { DenyList } from '@g-store/http';
import type { Batch, Broker, Reading } from '@g-store/messaging';
import type { Clock, Log } from '@g-store/runtime';

const CLOCK_SKEW_MS = 60 * 1000;

/**
 * Reads identity's events, every partition of them, into the deny list; ready when it has caught up. What was said longer
 * ago than a token lives has no token left to refuse.
 */
export function readDenials(
  broker: Broker,
  denyList: DenyList,
  { clock, log, tokenLifeMs }: { readonly clock: Clock; readonly log: Log; readonly tokenLifeMs: number },
): Promise<Reading> {
  return broker.readEverything({
    topics: [topics.identityEvents.name],
    since: clock.now().getTime() - tokenLifeMs - CLOCK_SKEW_MS,
    onBatch: (batch) => batch.records.forEach((record) => hear(denyList, record, log)),
  });
}

function hear(denyList: DenyList, { value, offset }: Batch['records'][number], log: Log): void {
  try {
    const event = decode(IdentityEvent, value ?? Buffer.alloc(0));
    const { aggregateId: userId, occurredAt } = event.meta;
    switch (event.case) {
      case 'sessionRevoked':
        return denyList.sessionRevoked(event.value.sessionId, occurredAt);
      case 'userBlocked':
        return denyList.userBlocked(userId, occurredAt);
      case 'userUnblocked':
        return denyList.userUnblocked(userId, occurredAt);
      case 'rolesChanged':
        return denyList.rolesChanged(userId, event.value.roles, occurredAt);
      case undefined:
        return;
    }
  } catch (error) {
    log.error({ err: error, offset: String(offset) }, 'an identity event could not be read');
  }
}
