import type { QueryConfig } from 'pg';
import { AttemptFailed, type Transaction } from '../unit-of-work/transaction.js';
import { apply, recordOf, type InboxContext } from './apply.js';
import { hear } from './heard.js';
import type { KeyState } from './key-state.js';
import * as records from './records.js';
import type { NewParked, WaitingRow } from './records.js';

const MOST_WAITING = 10_000;

/** The message that closed the gap has run; those that waited for it follow in order, as far as there is no next gap. */
export async function closeGap<W>(
  transaction: Transaction,
  context: InboxContext<W>,
  key: string,
  state: KeyState,
  partition: number,
  parked: NewParked[],
): Promise<readonly QueryConfig[]> {
  const of = { consumer: context.consumer, topic: context.subscriptions.topic.name };
  const at = context.clock.now();
  const stored = await transaction.read<WaitingRow>(records.selectWaiting(of, key, MOST_WAITING));
  const waiting = [...stored, ...state.newlyWaiting].sort((a, b) => (a.version ?? 0) - (b.version ?? 0));
  const released: bigint[] = [];
  const statements: QueryConfig[] = [];
  let left = waiting.length;
  for (const next of waiting) {
    if (next.version !== state.version + 1) break;
    const { event } = hear(
      context.subscriptions.topic.message,
      { offset: next.offset, key: Buffer.from(key), value: next.raw, timestamp: 0 },
      at.getTime(),
    );
    try {
      if (event === undefined) throw new TypeError('unreadable');
      await apply(transaction, context, event, recordOf(context, partition, next), next.attempts + 1);
    } catch (error) {
      if (error instanceof AttemptFailed) throw error;
      state.hold = 'failed';
      if ('id' in next) statements.push(records.noteFailure(next.id, String(error)));
      return [...release(released, at), ...statements];
    }
    state.version += 1;
    left -= 1;
    if ('id' in next) released.push(next.id);
    else parked.splice(parked.indexOf(next), 1);
  }
  if (left === 0) state.hold = null;
  return [...release(released, at), ...statements];
}

const release = (ids: readonly bigint[], at: Date): readonly QueryConfig[] =>
  ids.length === 0 ? [] : [records.decideParked(ids, { state: 'released', by: 'inbox', note: 'the gap closed', at })];
