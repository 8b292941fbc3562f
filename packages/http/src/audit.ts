import { actorOf } from './caller.js';
import type { Exchange } from './exchange.js';
import type { Declaration } from './route.js';

/** An act of staff, operators or machines, or an access that was denied: one for each, without secrets. */
export interface AuditEntry {
  readonly at: Date;
  /** As `actorOf` says; `anonymous` when nobody was recognised. */
  readonly actor: string;
  readonly method: string;
  /** The template, and the path that was asked for. */
  readonly route: string;
  readonly path: string;
  readonly status: number;
  readonly requestId: string;
}

/** What to note of this answer; undefined when it is neither a privileged act nor a denial. */
export function auditEntryOf(
  { method, path: route, caller: authority }: Declaration,
  { caller, requestId }: Exchange,
  answer: { readonly status: number; readonly path: string; readonly at: Date },
): AuditEntry | undefined {
  const denied = answer.status === 401 || answer.status === 403;
  const privileged = authority === 'staff' || authority === 'operator' || caller?.kind === 'machine';
  if (!denied && (!privileged || method === 'get')) return undefined;
  return { ...answer, actor: caller ? actorOf(caller) : 'anonymous', method: method.toUpperCase(), route, requestId };
}
