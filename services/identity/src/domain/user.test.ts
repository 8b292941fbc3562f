import { IdentityRefused } from './refusal.js';
import {
  beginSession,
  block,
  changePassword,
  endAllSessions,
  endSession,
  erase,
  grantRole,
  liveSession,
  mostSessions,
  register,
  takeRole,
  unblock,
  type Decision,
  type Session,
  type User,
} from './user.js';

const now = new Date('2026-03-01T10:00:00Z');
const later = new Date('2026-03-31T10:00:00Z');
const person = { login: 'Alice', foldedLogin: 'alice', name: 'Alice', passwordHash: 'hash' };
const alice = register({ id: 'u1', person }, now);
const session = (id: string, expiresAt = later): Session => ({ id, startedAt: now, expiresAt });
const withSessions = (...ids: string[]): User => ({ ...alice, sessions: ids.map((id) => session(id)), version: 4 });
const told = ({ events }: Decision) => events.map((event) => JSON.stringify(event)).join(' ');
const refusalOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof IdentityRefused) return error.code;
    throw error;
  }
  return 'agreed';
};

describe('a new user', () => {
  it('is a customer with no sessions, of whom nobody has been told anything', () => {
    expect(alice).toMatchObject({ roles: ['customer'], blocked: false, sessions: [], version: 0, demo: false });
  });
});

describe('signing in', () => {
  it('opens one more session and tells nobody', () => {
    const { user, events } = beginSession(withSessions('s1'), session('s2'), now);
    expect(user.sessions.map(({ id }) => id)).toEqual(['s1', 's2']);
    expect([events, user.version]).toEqual([[], 4]);
  });

  it('forgets sessions whose time is over, without a word', () => {
    const tired: User = { ...alice, sessions: [session('old', now)] };
    const { user, events } = beginSession(tired, session('s2'), now);
    expect([user.sessions.map(({ id }) => id), events]).toEqual([['s2'], []]);
  });

  it('lets the oldest of too many sessions go', () => {
    const many = withSessions(...Array.from({ length: mostSessions }, (_, at) => `s${at}`));
    const decision = beginSession(many, session('new'), now);
    expect(decision.user.sessions).toHaveLength(mostSessions);
    expect(told(decision)).toBe('{"type":"SessionRevoked","sessionId":"s0"}');
  });

  it('is refused to a blocked user', () => {
    expect(refusalOf(() => beginSession({ ...alice, blocked: true }, session('s1'), now))).toBe('forbidden');
  });
});

describe('signing out', () => {
  it('ends one session and leaves the others', () => {
    const decision = endSession(withSessions('s1', 's2'), 's1');
    expect(decision.user.sessions.map(({ id }) => id)).toEqual(['s2']);
    expect([told(decision), decision.user.version]).toEqual(['{"type":"SessionRevoked","sessionId":"s1"}', 5]);
  });

  it('twice tells nothing the second time', () => {
    const decision = endSession(withSessions('s2'), 's1');
    expect([decision.events, decision.user.version]).toEqual([[], 4]);
  });

  it('everywhere tells of each session, with a version each', () => {
    const { user, events } = endAllSessions(withSessions('s1', 's2', 's3'));
    expect([user.sessions, events.length, user.version]).toEqual([[], 3, 7]);
  });
});

describe('a session', () => {
  it('is over when its time is', () => expect(liveSession(withSessions('s1'), 's1', later)).toBeUndefined());
  it('is of no use to a blocked user', () =>
    expect(liveSession({ ...withSessions('s1'), blocked: true }, 's1', now)).toBeUndefined());
});

describe('a new password', () => {
  it('ends every session but the one that asked', () => {
    const decision = changePassword(withSessions('s1', 's2', 's3'), 'new hash', 's2');
    expect(decision.user.sessions.map(({ id }) => id)).toEqual(['s2']);
    expect(decision.user.person?.passwordHash).toBe('new hash');
    expect(decision.events).toHaveLength(2);
  });
});

describe('roles', () => {
  it('are told as they are afterwards', () => {
    const decision = grantRole(alice, 'staff');
    expect(decision.events).toEqual([{ type: 'RolesChanged', roles: ['customer', 'staff'] }]);
    expect(decision.user.version).toBe(1);
  });

  it('given again change nothing', () => expect(grantRole(alice, 'customer').events).toEqual([]));
  it('not held cannot be lost', () => expect(takeRole(alice, 'staff', 'op').events).toEqual([]));

  it('lost are told, too', () => {
    const decision = takeRole({ ...alice, roles: ['customer', 'staff'] }, 'staff', 'op');
    expect(decision.events).toEqual([{ type: 'RolesChanged', roles: ['customer'] }]);
  });

  it('of an operator are not theirs to lay down', () => {
    const operator: User = { ...alice, roles: ['customer', 'operator'] };
    expect(refusalOf(() => takeRole(operator, 'operator', 'u1'))).toBe('forbidden');
    expect(refusalOf(() => takeRole(operator, 'operator', 'u2'))).toBe('agreed');
  });
});

describe('blocking', () => {
  it('ends all sessions, so that lifting the block brings none of them back', () => {
    const { user, events } = block(withSessions('s1', 's2'), 'op');
    expect(events.map(({ type }) => type)).toEqual(['SessionRevoked', 'SessionRevoked', 'UserBlocked']);
    expect([user.blocked, user.sessions, user.version]).toEqual([true, [], 7]);
    expect(unblock(user)).toMatchObject({
      events: [{ type: 'UserUnblocked' }],
      user: { blocked: false, sessions: [] },
    });
  });

  it('twice, or unblocking the unblocked, changes nothing', () => {
    expect(block({ ...alice, blocked: true }, 'op').events).toEqual([]);
    expect(unblock(alice).events).toEqual([]);
  });

  it('oneself is refused', () => expect(refusalOf(() => block(alice, 'u1'))).toBe('forbidden'));
});

describe('a user who leaves', () => {
  const { user, events } = erase({ ...withSessions('s1'), roles: ['customer', 'staff'] });

  it('keeps the id and nothing that tells who they were', () => {
    expect(user).toEqual({
      id: 'u1',
      roles: [],
      blocked: false,
      sessions: [],
      demo: false,
      version: 5,
      createdAt: now,
    });
  });
  it('is signed out everywhere', () => expect(events).toEqual([{ type: 'SessionRevoked', sessionId: 's1' }]));
  it('is not there any more for operators', () => {
    const acts = [
      () => grantRole(user, 'staff'),
      () => takeRole(user, 'staff', 'op'),
      () => block(user, 'op'),
      () => unblock(user),
    ];
    expect(acts.map(refusalOf)).toEqual(['not_found', 'not_found', 'not_found', 'not_found']);
  });
});
