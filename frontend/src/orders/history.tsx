import type { OrderHistoryEntry } from '@g-store/client';
import { Moment } from '../design/moment.js';
import { StatePill } from '../design/state-pill.js';
import { useUser } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import classes from './orders.module.css';

/** What became of an order, the newest first, and who did it. */
export function History({ entries }: { readonly entries: readonly OrderHistoryEntry[] }) {
  const { texts } = useWords();
  const ownId = useUser()?.id ?? '';
  return (
    <ol className={classes['history']} reversed>
      {[...entries].reverse().map(({ status, actor, at, version, reason }) => (
        <li key={version}>
          <StatePill state={status} />
          <div className={classes['quiet']}>
            <Moment at={at} /> · {texts.order.by[byWhom(actor, ownId)]}
            {reason !== undefined && <> · {texts.order.why[reason].title}</>}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** An actor is a person's id, `key:<name>` of a machine, or the service that did it. */
const byWhom = (actor: string, ownId: string): 'owner' | 'staff' | 'system' => {
  if (actor === ownId) return 'owner';
  return actor.startsWith('key:') || /^[0-9a-f]{8}-/.test(actor) ? 'staff' : 'system';
};
