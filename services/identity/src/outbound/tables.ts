import { table, type Row, type Table } from '@g-store/messaging';
import type { Action } from '../application/work.js';
import type { Role } from '../domain/user.js';

export interface UserRow {
  readonly id: string;
  readonly login: string | null;
  readonly foldedLogin: string | null;
  readonly name: string | null;
  readonly passwordHash: string | null;
  readonly roles: readonly Role[];
  readonly blocked: boolean;
  readonly sessions: readonly StoredSession[];
  readonly demo: boolean;
  readonly version: number;
  readonly createdAt: Date;
}

/** A session as JSON keeps it. */
export interface StoredSession {
  readonly id: string;
  readonly startedAt: string;
  readonly expiresAt: string;
}

export const users = table<UserRow>({
  name: 'users',
  role: 'guard',
  columns: {
    id: ['id', 'uuid'],
    login: ['login', 'text'],
    foldedLogin: ['folded_login', 'text'],
    name: ['name', 'text'],
    passwordHash: ['password_hash', 'text'],
    roles: ['roles', 'jsonb'],
    blocked: ['blocked', 'boolean'],
    sessions: ['sessions', 'jsonb'],
    demo: ['demo', 'boolean'],
    version: ['version', 'integer'],
    createdAt: ['created_at', 'timestamptz'],
  },
  keys: [['id'], ['foldedLogin']],
  immutable: ['demo', 'createdAt'],
});

export interface AttemptsRow {
  readonly key: string;
  readonly count: number;
  readonly lastAt: Date;
}

export const signInAttempts = table<AttemptsRow>({
  name: 'sign_in_attempts',
  role: 'guard',
  columns: { key: ['key', 'text'], count: ['count', 'integer'], lastAt: ['last_at', 'timestamptz'] },
  keys: [['key']],
});

export interface RefreshTokenRow {
  readonly hash: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly issuedAt: Date;
  readonly rotatedAt: Date | null;
}

/** Dependent, so read after its user is locked: of twenty refreshes at once, one is the first and the others see it. */
export const refreshTokens = table<RefreshTokenRow>({
  name: 'refresh_token',
  role: 'dependent',
  columns: {
    hash: ['hash', 'text'],
    userId: ['user_id', 'uuid'],
    sessionId: ['session_id', 'uuid'],
    issuedAt: ['issued_at', 'timestamptz'],
    rotatedAt: ['rotated_at', 'timestamptz'],
  },
  keys: [['hash']],
  immutable: ['userId', 'sessionId', 'issuedAt'],
});

export interface SigningKeyRow {
  readonly ordinal: number;
  readonly kid: string;
  readonly publicJwk: object;
  readonly sealedPrivate: string;
  readonly activeFrom: Date;
}

export const signingKeys = table<SigningKeyRow>({
  name: 'signing_key',
  role: 'dependent',
  columns: {
    ordinal: ['ordinal', 'integer'],
    kid: ['kid', 'text'],
    publicJwk: ['public_jwk', 'jsonb'],
    sealedPrivate: ['sealed_private', 'text'],
    activeFrom: ['active_from', 'timestamptz'],
  },
  keys: [['ordinal'], ['kid']],
});

export interface UserActRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: Action;
  readonly userId: string;
  readonly detail: string | null;
}

export const userActs = table<UserActRow>({
  name: 'user_act',
  role: 'insert',
  columns: {
    id: ['id', 'uuid'],
    at: ['at', 'timestamptz'],
    actor: ['actor', 'uuid'],
    action: ['action', 'text'],
    userId: ['user_id', 'uuid'],
    detail: ['detail', 'text'],
  },
  keys: [['id']],
});

/** In the order in which a unit of work takes them. */
export const identityTables = [users, signInAttempts, refreshTokens, signingKeys, userActs].map(
  (declared) => declared as unknown as Table<Row>,
);
