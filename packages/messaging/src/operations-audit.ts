import type { Pool, QueryConfig } from 'pg';
import type { Clock, Ids } from '@g-store/runtime';
import { isTransient } from './database.js';
import { uuidFloor } from './outbox/uuid-partitions.js';
import { DatabaseDown } from './work.js';

/** One act of an operator: who, what, to what, and what came of it. */
export interface OperatorAct {
  readonly actor: string;
  /** `parked.release`, `relay.pause`. */
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  readonly outcome: 'done' | 'stopped' | 'refused' | 'failed';
}

export interface AuditedAct extends OperatorAct {
  readonly id: string;
  readonly at: Date;
}

export interface AuditTrail {
  /** @throws DatabaseDown */
  record(act: OperatorAct): Promise<void>;
  /** The last act of this kind that was done since then. */
  newest(action: string, since: Date): Promise<AuditedAct | undefined>;
  /** Newest first; `before` is the id of the last one of the page before. */
  list(page: { readonly before?: string; readonly limit: number }): Promise<readonly AuditedAct[]>;
}

export function createAuditTrail(pool: Pool, made: { readonly clock: Clock; readonly ids: Ids }): AuditTrail {
  return {
    async record(act) {
      try {
        await pool.query(insertAct(made, act));
      } catch (error) {
        throw isTransient(error) ? new DatabaseDown('the act could not be audited', { cause: error }) : error;
      }
    },
    async newest(action, since) {
      const { rows } = await pool.query<AuditedAct>({
        name: 'newest act',
        text: `${selectActs} WHERE id > $2::uuid AND action = $1 AND outcome = 'done' ORDER BY id DESC LIMIT 1`,
        values: [action, uuidFloor(since.getTime())],
      });
      return rows[0];
    },
    async list({ before, limit }) {
      const { rows } = await pool.query<AuditedAct>(
        `${selectActs} WHERE ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2`,
        [before ?? null, limit],
      );
      return rows;
    },
  };
}

const selectActs = 'SELECT id, at, actor, action, subject, detail, outcome FROM operations_audit';

/** Also inside a unit of work, so that an act and its trace commit together. */
export const insertAct = (
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
  { actor, action, subject, detail, outcome }: OperatorAct,
): QueryConfig => ({
  name: 'insert operations audit',
  text: 'INSERT INTO operations_audit (id, at, actor, action, subject, detail, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7)',
  values: [ids.next(), clock.now().toISOString(), actor, action, subject, detail, outcome],
});
