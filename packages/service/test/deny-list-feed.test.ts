import { encode, IdentityEvent, topics } from '@g-store/contracts';
import { createDenyList } from '@g-store/http';
import { createInProcessBroker } from '@g-store/messaging';
import { createVirtualTime, silentLog } from '@g-store/runtime';
import { eventually } from '@g-store/testing';
import { readDenials } from '../src/deny-list-feed.js';

const ids = { eventId: '01890000-0000-7000-8000-000000000001', correlationId: 'c1', causationId: 'c1' };

async function setUp() {
  const time = createVirtualTime();
  const { name, partitions } = topics.identityEvents;
  const broker = createInProcessBroker({ partitions: { [name]: partitions }, clock: time });
  const list = createDenyList(time);
  await readDenials(broker, list, { clock: time, log: silentLog, tokenLifeMs: 600_000 });
  const say = (...values: readonly Buffer[]) =>
    broker.append(values.map((value) => ({ topic: name, partition: 0, key: Buffer.from('u1'), value })));
  const told = (event: { readonly case: string; readonly value: object }): Buffer => {
    const meta = { ...ids, aggregateId: 'u1', aggregateVersion: 2, owner: 'u1', occurredAt: time.now() };
    return encode(IdentityEvent, { meta, ...event } as never);
  };
  const refuses = (more: object = {}): boolean =>
    list.refuses({ sub: 'u1', sid: 's1', iat: time.now().getTime() / 1000 - 1, roles: ['customer', 'staff'], ...more });
  return { time, say, told, refuses, [Symbol.asyncDispose]: () => broker.close() };
}

describe('what identity has said', () => {
  it.each([
    ['that somebody is signed out', { case: 'sessionRevoked', value: { sessionId: 's1' } }, { sid: 's2' }],
    ['that somebody is blocked', { case: 'userBlocked', value: {} }, { sub: 'u2' }],
    ['that somebody is of the store no more', { case: 'rolesChanged', value: { roles: ['customer'] } }, { roles: [] }],
  ])('%s, is heard by every service, and of nobody else', async (_what, event, other) => {
    await using here = await setUp();
    expect(here.refuses()).toBe(false);
    await here.say(here.told(event));
    await eventually(() => expect(here.refuses()).toBe(true));
    expect(here.refuses(other)).toBe(false);
  });

  it('lets somebody in again who is unblocked', async () => {
    await using here = await setUp();
    await here.say(here.told({ case: 'userBlocked', value: {} }));
    await eventually(() => expect(here.refuses()).toBe(true));
    await here.time.advance(5_000);
    await here.say(here.told({ case: 'userUnblocked', value: {} }));
    await eventually(() => expect(here.refuses({ iat: here.time.now().getTime() / 1000 + 1 })).toBe(false));
  });

  it('is heard behind what nobody can read', async () => {
    await using here = await setUp();
    await here.say(Buffer.from('not an event'), here.told({ case: 'userBlocked', value: {} }));
    await eventually(() => expect(here.refuses()).toBe(true));
  });
});
