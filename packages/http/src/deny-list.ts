import type { Clock } from '@g-store/runtime';

/** What the list looks at of a token; `iat` in seconds, as in the token. */
export interface DeniableClaims {
  readonly sub: string;
  readonly sid: string;
  readonly iat: number;
  readonly roles: readonly string[];
}

export type Denial =
  | { readonly kind: 'session'; readonly sessionId: string; readonly at: Date }
  | { readonly kind: 'blocked'; readonly userId: string; readonly at: Date }
  | { readonly kind: 'roles'; readonly userId: string; readonly roles: readonly string[]; readonly at: Date };

/** What was taken back before the tokens ran out. Older news than what is known of a user changes nothing. */
export interface DenyList {
  /** No token of this session is good any more. */
  sessionRevoked(sessionId: string, at: Date): void;
  /** No token of this user is good, until unblocked; those from before the block stay refused. */
  userBlocked(userId: string, at: Date): void;
  userUnblocked(userId: string, at: Date): void;
  /** A token from before the change that carries a role which is gone is refused; a gained role needs a new token. */
  rolesChanged(userId: string, roles: readonly string[], at: Date): void;
  refuses(claims: DeniableClaims): boolean;
  /** Told of every denial as it is heard: for sockets that are open. */
  onDeny(listener: (denial: Denial) => void): Disposable;
  /** Entries held: nothing is kept for longer than a token lives. */
  readonly size: number;
}

interface Block {
  readonly atMs: number;
  readonly blocked: boolean;
  /** When the last block began. */
  readonly sinceMs: number;
}
interface Roles {
  readonly atMs: number;
  readonly roles: readonly string[];
}

const CLOCK_SKEW_MS = 60_000;

/** `tokenLifeMs`: the longest life of a token that this service accepts, 10 minutes by default. */
export function createDenyList(
  clock: Clock,
  { tokenLifeMs = 600_000 }: { readonly tokenLifeMs?: number } = {},
): DenyList {
  const sessions = new Map<string, { readonly atMs: number }>();
  const blocks = new Map<string, Block>();
  const changes = new Map<string, Roles>();
  const listeners = new Set<(denial: Denial) => void>();

  const note = <Entry extends { readonly atMs: number }>(
    entries: Map<string, Entry>,
    id: string,
    entry: Entry,
  ): boolean => {
    if ((entries.get(id)?.atMs ?? -Infinity) > entry.atMs) return false;
    entries.delete(id); // to the end: the oldest stays first
    entries.set(id, entry);
    dropOld(entries, clock.now().getTime() - tokenLifeMs - CLOCK_SKEW_MS);
    return true;
  };
  const tell = (denial: Denial): void => listeners.forEach((listener) => listener(denial));

  return {
    sessionRevoked(sessionId, at) {
      if (note(sessions, sessionId, { atMs: at.getTime() })) tell({ kind: 'session', sessionId, at });
    },
    userBlocked(userId, at) {
      const atMs = at.getTime();
      if (note(blocks, userId, { atMs, blocked: true, sinceMs: atMs })) tell({ kind: 'blocked', userId, at });
    },
    userUnblocked(userId, at) {
      note(blocks, userId, { atMs: at.getTime(), blocked: false, sinceMs: blocks.get(userId)?.sinceMs ?? -Infinity });
    },
    rolesChanged(userId, roles, at) {
      if (note(changes, userId, { atMs: at.getTime(), roles })) tell({ kind: 'roles', userId, roles, at });
    },
    refuses({ sub, sid, iat, roles }) {
      if (sessions.has(sid)) return true;
      const block = blocks.get(sub);
      // `iat` is in whole seconds: of the second of the block itself only tokens of sessions that it ended are older.
      if (block && (block.blocked || iat < Math.floor(block.sinceMs / 1000))) return true;
      const change = changes.get(sub);
      return change !== undefined && iat * 1000 <= change.atMs && roles.some((role) => !change.roles.includes(role));
    },
    onDeny(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    get size() {
      return sessions.size + blocks.size + changes.size;
    },
  };
}

/** By then every token that the entry could refuse has expired, and identity makes none for somebody blocked. */
function dropOld(entries: Map<string, { readonly atMs: number }>, beforeMs: number): void {
  for (const [id, { atMs }] of entries) {
    if (atMs >= beforeMs) return;
    entries.delete(id);
  }
}
