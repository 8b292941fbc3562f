import type { Session as Credential } from '@g-store/http';

/** An open socket, as far as it concerns who it belongs to. */
export interface Connection {
  credential: Credential;
  close(code: number, reason: string): void;
}

/** Who is here: by user, for limits and blocks; by session, for sign-outs. */
export interface Connections<C extends Connection> {
  add(connection: C): void;
  remove(connection: C): void;
  /** The same socket with another token. */
  renew(connection: C, credential: Credential): void;
  ofUser(userId: string): readonly C[];
  ofSession(sessionId: string): readonly C[];
  all(): readonly C[];
  readonly size: number;
}

export function createConnections<C extends Connection>(): Connections<C> {
  const all = new Set<C>();
  const byUser = new Map<string, Set<C>>();
  const bySession = new Map<string, Set<C>>();

  const link = (map: Map<string, Set<C>>, key: string, connection: C): void => {
    const linked = map.get(key);
    if (linked === undefined) map.set(key, new Set([connection]));
    else linked.add(connection);
  };
  const unlink = (map: Map<string, Set<C>>, key: string, connection: C): void => {
    const linked = map.get(key);
    linked?.delete(connection);
    if (linked?.size === 0) map.delete(key);
  };
  const add = (connection: C): void => {
    const { userId, sessionId } = connection.credential.caller;
    all.add(connection);
    link(byUser, userId, connection);
    link(bySession, sessionId, connection);
  };
  const remove = (connection: C): void => {
    const { userId, sessionId } = connection.credential.caller;
    all.delete(connection);
    unlink(byUser, userId, connection);
    unlink(bySession, sessionId, connection);
  };

  return {
    add,
    remove,
    renew(connection, credential) {
      remove(connection);
      connection.credential = credential;
      add(connection);
    },
    ofUser: (userId) => [...(byUser.get(userId) ?? [])],
    ofSession: (sessionId) => [...(bySession.get(sessionId) ?? [])],
    all: () => [...all],
    get size() {
      return all.size;
    },
  };
}
