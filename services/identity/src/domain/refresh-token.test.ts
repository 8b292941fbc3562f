import { graceMs, present, type RefreshToken } from './refresh-token.js';
import { register } from './user.js';

const now = new Date('2026-03-01T10:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const expiresAt = new Date('2026-03-31T10:00:00Z');
const person = { login: 'alice', foldedLogin: 'alice', passwordHash: 'hash' };
const alice = { ...register({ id: 'u1', person }, now), sessions: [{ id: 's1', startedAt: now, expiresAt }] };
const token: RefreshToken = { hash: 'h', userId: 'u1', sessionId: 's1', issuedAt: now };

describe('a refresh token', () => {
  it('is exchanged at its first use', () => expect(present(token, alice, now)).toBe('rotate'));
  it('gives its successor again to a second tab or a retry', () =>
    expect(present({ ...token, rotatedAt: ago(graceMs) }, alice, now)).toBe('again'));
  it('used later is held by a thief', () =>
    expect(present({ ...token, rotatedAt: ago(graceMs + 1) }, alice, now)).toBe('stolen'));
  it('is dead with its session, stolen or not', () => {
    const signedOut = { ...alice, sessions: [] };
    expect(present(token, signedOut, now)).toBe('dead');
    expect(present({ ...token, rotatedAt: ago(60_000) }, signedOut, now)).toBe('dead');
    expect(present(token, alice, expiresAt)).toBe('dead');
    expect(present(token, { ...alice, blocked: true }, now)).toBe('dead');
  });
});
