import { randomUUID } from 'node:crypto';
import {
  createMachineClient,
  createShopClient,
  systemPorts,
  type Change,
  type Order,
  type ShopClient,
} from '@g-store/client';
import { eventually } from '@g-store/testing';
import { startNetwork, type Network } from '../network';
import { customer, http, operatorToken, placeOrder, signIn, type Person } from '../shop';
import { gateway, killPart, portOf, revive, reviveWith, secret } from '../stack';

jest.setTimeout(300_000); // two restarts of identity in one of them

let network: Network;
const opened: ShopClient[] = [];
beforeAll(async () => void (network = await startNetwork(gateway)));
afterEach(() => {
  network.up();
  opened.splice(0).forEach((shop) => shop.close());
});
afterAll(() => network[Symbol.asyncDispose]());

/** Somebody new, at the shop by the client, over a network that can break. */
async function shopper(money = 100_000, ports: Parameters<typeof createShopClient>[0]['ports'] = {}) {
  const person = await customer(money);
  const shop = createShopClient({ baseUrl: network.url, session: 'memory', ports });
  opened.push(shop);
  await shop.session.signIn(credentialsOf(person));
  return { shop, person };
}

const credentialsOf = ({ login }: Person) => ({ login, password: `${login}-password` });

/** What is heard of one's own, as `<order> <version>`. */
async function hear(shop: ShopClient) {
  const changes: string[] = [];
  const ready: boolean[] = [];
  shop.live.watch(
    { scope: 'mine' },
    { change: (change) => changes.push(...short(change)), ready: ({ recovered }) => ready.push(recovered) },
  );
  await eventually(() => expect(ready).toHaveLength(1));
  return { changes, ready };
}
const short = ({ type, data }: Change): readonly string[] =>
  type === 'order.status.changed' ? [`${data.orderId} ${data.version}`] : [];
const placedAndPaid = (...ids: readonly string[]) => ids.flatMap((id) => [`${id} 1`, `${id} 2`]);
/** Versions of one order come in order; those of several may come in between. */
const sortedById = (changes: readonly string[]) =>
  [...changes].sort((a, b) => a.slice(0, 36).localeCompare(b.slice(0, 36)));
const freshTokenOf = ({ login }: Person) => signIn(login, `${login}-password`);
const paid = ({ token }: Person, id: string) =>
  eventually(
    async () => expect((await http.get<Order>(`/api/orders/v1/orders/${id}`, { token })).body.status).toBe('PAID'),
    { within: 30_000, every: 25 },
  );

describe('an order placed by the client', () => {
  it('is placed once, though its answer was lost on the way', async () => {
    const { shop } = await shopper();
    network.cutNextAnswer();
    const { data, replayed } = await shop.orders.post('/v1/orders', { body: { amount: 700 } });
    expect(replayed).toBe(true);
    const { data: list } = await shop.orders.get('/v1/orders');
    expect(list.orders.map(({ id }) => id)).toEqual([data.orderId]);
  });

  it('costs nothing to look at again until it has changed', async () => {
    const { shop } = await shopper(0);
    const { data } = await shop.orders.post('/v1/orders', { body: { amount: 700 } });
    const read = (previous?: Awaited<ReturnType<typeof shop.orders.get<'/v1/orders/{id}'>>>) =>
      shop.orders.get('/v1/orders/{id}', { path: { id: data.orderId }, previous });
    const cancelled = await eventually(async () => {
      const answer = await read();
      expect(answer.data.status).toBe('CANCELLED');
      return answer;
    });
    expect(await read(cancelled)).toBe(cancelled);
  });

  it('is found in its list, page after page', async () => {
    const { shop, person } = await shopper();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift(await placeOrder(person, 100));
    const found: string[] = [];
    for await (const { id } of shop.orders.each('/v1/orders', { query: { limit: 2 } })) found.push(id);
    expect(found).toEqual(ids);
  });
});

describe('what the shop refuses', () => {
  it('says what is wrong with which field', async () => {
    const { shop } = await shopper(0);
    await expect(shop.orders.post('/v1/orders', { body: { amount: 0 } })).rejects.toMatchObject({
      name: 'ShopProblem',
      code: 'validation_failed',
      status: 400,
      errors: [{ pointer: '/amount', detail: 'order amount must be positive' }],
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    });
  });

  it('says why it is not to be had', async () => {
    const { shop, person } = await shopper(0);
    await expect(shop.payments.post('/v1/accounts')).rejects.toMatchObject({ code: 'account_exists' });
    await expect(shop.orders.get('/v1/orders/{id}', { path: { id: randomUUID() } })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(shop.orders.get('/v1/staff/orders')).rejects.toMatchObject({ code: 'forbidden' });
    const wrong = { login: person.login, password: 'something else' };
    await expect(shop.session.signIn(wrong)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(shop.session.state.status).toBe('signed-in');
  });

  it('a version that is not there any more', async () => {
    const { person } = await shopper();
    const id = await placeOrder(person, 100);
    await paid(person, id);
    const machine = createMachineClient({ baseUrl: gateway, staffKey: secret('staff-api-key') });
    const move = (ifMatch: string) =>
      machine.orders.patch('/v1/staff/orders/{id}/status', { path: { id }, body: { status: 'ASSEMBLING' }, ifMatch });
    await expect(move('"1"')).rejects.toMatchObject({ code: 'version_conflict', etag: '"2"' });
    expect((await move('"2"')).etag).toBe('"3"');
  });
});

describe('changes as they happen', () => {
  it('come in order, once, also those that happened while the network was away', async () => {
    const { shop, person } = await shopper();
    const { changes, ready } = await hear(shop);
    const first = await placeOrder(person, 100);
    await eventually(() => expect(changes).toEqual(placedAndPaid(first)));
    network.down();
    const missed = [await placeOrder(person, 200), await placeOrder(person, 300)];
    for (const id of missed) await paid(person, id);
    expect(changes).toHaveLength(2);
    network.up();
    shop.live.reconnect();
    await eventually(() =>
      expect(shop.live.state).toMatchObject({ status: 'live', caughtUp: expect.any(Number) as unknown }),
    );
    const last = await placeOrder(person, 400);
    await eventually(() => expect(changes).toContain(`${last} 2`));
    expect(sortedById(changes)).toEqual(sortedById(placedAndPaid(first, ...missed, last)));
    expect(ready).toEqual([false, true]);
  });

  it('miss nothing when the instance that told them is killed', async () => {
    const second = portOf(8_184).replace('http', 'ws');
    const urls = [`${second}/ws`];
    const { shop, person } = await shopper(100_000, {
      openSocket: (url, ...rest) => systemPorts().openSocket(urls.shift() ?? url, ...rest),
    });
    const { changes, ready } = await hear(shop);
    const first = await placeOrder(person, 100);
    await eventually(() => expect(changes).toEqual(placedAndPaid(first)));
    await killPart('notifications-2');
    const missed = await placeOrder(person, 200);
    await eventually(() => expect(changes).toEqual(placedAndPaid(first, missed)), { within: 30_000 });
    expect(ready).toEqual([false, true]);
    await revive('notifications-2');
  });

  it('go on over the same socket while the session is renewed again and again', async () => {
    await killPart('identity');
    await reviveWith({ ENV_IDENTITY_ACCESS_TOKEN_SECONDS: '10' }, 'identity');
    try {
      let sockets = 0;
      const tokens = new Set<string>();
      const { shop, person } = await shopper(100_000, {
        openSocket: (...opening) => ((sockets += 1), systemPorts().openSocket(...opening)),
        fetch: (request) => {
          tokens.add(request.headers.get('authorization') ?? '');
          return fetch(request);
        },
      });
      const { changes } = await hear(shop);
      await eventually(
        async () => {
          await shop.notifications.get('/v1/notifications/unread-count');
          expect(tokens.size).toBeGreaterThan(3); // by then the first has run out
        },
        { within: 60_000, every: 500 },
      );
      const renewed = { ...person, token: await freshTokenOf(person) };
      const id = await placeOrder(renewed, 100);
      await eventually(() => expect(changes).toEqual(placedAndPaid(id)));
      expect([sockets, shop.session.state.status]).toEqual([1, 'signed-in']);
    } finally {
      await killPart('identity');
      await revive('identity');
    }
  });

  it('end with the session, when it is ended on another device', async () => {
    const { shop, person } = await shopper();
    await hear(shop);
    const phone = createShopClient({ baseUrl: gateway, session: 'memory' });
    opened.push(phone);
    await phone.session.signIn(credentialsOf(person));
    await phone.session.signOutEverywhere();
    await eventually(() => expect(shop.session.state).toEqual({ status: 'signed-out', ended: true }), {
      within: 15_000,
    });
    expect(shop.live.state.status).toBe('signed-out');
  });

  it('go on with what is left when a role is taken away', async () => {
    const { shop, person } = await shopper();
    const operator = await operatorToken();
    const role = `/api/identity/v1/users/${person.id}/roles/staff`;
    await http.put(role, undefined, { token: operator });
    await shop.session.signIn(credentialsOf(person));
    const refused: string[] = [];
    shop.live.watch({ scope: 'all' }, { change: () => undefined, refused: ({ code }) => refused.push(code) });
    const { changes } = await hear(shop);
    await http.delete(role, undefined, { token: operator });
    await eventually(() => expect(refused).toEqual(['forbidden']), { within: 15_000 });
    expect(shop.session.state).toMatchObject({ status: 'signed-in', user: { roles: ['customer'] } });
    const id = await placeOrder({ ...person, token: await freshTokenOf(person) }, 100);
    await eventually(() => expect(changes).toEqual(placedAndPaid(id)));
  });
});
