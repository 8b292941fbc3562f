import { createVirtualTime } from '@g-store/runtime';
import { createDenyList, type Denial } from './deny-list.js';

const setUp = () => {
  const time = createVirtualTime();
  const claims = (more: object = {}) => ({
    sub: 'u1',
    sid: 's1',
    iat: Math.floor(time.now().getTime() / 1000),
    roles: ['customer'],
    ...more,
  });
  return { time, list: createDenyList(time), claims };
};

describe('what was taken back', () => {
  it('refuses the tokens of a session that was signed out, and of no other', () => {
    const { time, list, claims } = setUp();
    list.sessionRevoked('s1', time.now());
    expect([list.refuses(claims()), list.refuses(claims({ sid: 's2' }))]).toEqual([true, false]);
  });

  it('refuses somebody blocked until unblocked; tokens from before the block stay refused', async () => {
    const { time, list, claims } = setUp();
    const before = claims();
    await time.advance(5_000);
    list.userBlocked('u1', time.now());
    await time.advance(5_000);
    expect([list.refuses(before), list.refuses(claims()), list.refuses(claims({ sub: 'u2' }))]).toEqual([
      true,
      true,
      false,
    ]);
    list.userUnblocked('u1', time.now());
    expect([list.refuses(before), list.refuses(claims())]).toEqual([true, false]);
  });

  it('refuses an older token with a role that is gone, and takes the new one of the same second', async () => {
    const { time, list, claims } = setUp();
    await time.advance(500);
    list.rolesChanged('u1', ['customer'], time.now());
    expect(list.refuses(claims({ roles: ['customer', 'staff'] }))).toBe(true);
    expect(list.refuses(claims({ roles: ['customer'] }))).toBe(false);
    await time.advance(1_000);
    expect(list.refuses(claims({ roles: ['customer', 'staff'] }))).toBe(false);
  });

  it('is not undone by older news that come late', async () => {
    const { time, list, claims } = setUp();
    const early = time.now();
    await time.advance(1_000);
    list.userBlocked('u1', time.now());
    list.userUnblocked('u1', early);
    await time.advance(5_000);
    expect(list.refuses(claims())).toBe(true);
  });

  it('is told to open sockets, once for each, until they stop listening', () => {
    const { time, list } = setUp();
    const heard: Denial[] = [];
    const at = time.now();
    const listening = list.onDeny((denial) => heard.push(denial));
    list.sessionRevoked('s1', at);
    list.userBlocked('u1', at);
    list.rolesChanged('u1', ['customer'], at);
    list.userUnblocked('u1', at);
    listening[Symbol.dispose]();
    list.sessionRevoked('s2', at);
    expect(heard).toEqual([
      { kind: 'session', sessionId: 's1', at },
      { kind: 'blocked', userId: 'u1', at },
      { kind: 'roles', userId: 'u1', roles: ['customer'], at },
    ]);
  });

  it('is forgotten once no token that it could refuse still lives', async () => {
    const { time, list, claims } = setUp();
    for (let session = 0; session < 1_000; session += 1) list.sessionRevoked(`old${session}`, time.now());
    await time.advance(600_000);
    expect(list.refuses(claims({ sid: 'old7' }))).toBe(true);
    await time.advance(61_000);
    list.sessionRevoked('new', time.now());
    expect(list.size).toBe(1);
  });
});
