import { createShop, type Client, type Instance, type Shop } from './shop.fake.js';

const FLUSH_MS = 10;
let shop: Shop;
beforeEach(() => {
  shop = createShop();
});
const settle = (): Promise<void> => shop.time.advance(FLUSH_MS);
const types = (client: Client): string[] => client.frames.map(({ type }) => type);
const watching = async (orderId: string, instance: Instance = shop.start()) => {
  const client = shop.connect(instance);
  client.session.subscribe({ orderId });
  await settle();
  return { client, instance };
};

describe('somebody who watches an order', () => {
  it('is told at once where it has come to, and then of every change', async () => {
    const instance = shop.start();
    shop.tell('a0', 'ann', 'PENDING');
    shop.projectAll();
    instance.takeAll();
    const { client } = await watching('a0', instance);
    expect(types(client)).toEqual(['subscribed', 'order.status.changed']);
    expect(client.frames[0]?.data).toEqual({ orderId: 'a0', recovered: false });
    shop.tell('a0', 'ann', 'PAID');
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual(['a0 PENDING 1', 'a0 PAID 2']);
  });

  it('is told of a cancelled order as of a cancellation, with its reason', async () => {
    shop.tell('a0', 'ann', 'PENDING');
    shop.tell('a0', 'ann', 'CANCELLED');
    shop.projectAll();
    const instance = shop.start();
    instance.takeAll();
    const { client } = await watching('a0', instance);
    expect(client.frames[1]).toMatchObject({
      type: 'order.cancelled',
      data: { orderId: 'a0', reason: 'CHANGED_MIND', version: 2 },
    });
  });

  it('sees nothing of anybody else, whatever it asks for', async () => {
    const instance = shop.start();
    shop.tell('b0', 'bob', 'PENDING');
    shop.projectAll();
    instance.takeAll();
    const { client } = await watching('b0', instance);
    client.session.subscribe({ scope: 'mine' });
    client.session.subscribe({ orderId: 'b0' }, client.lastPosition());
    shop.tell('b0', 'bob', 'PAID');
    shop.topUp('bobs', 'bob', 5n);
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual([]);
    expect(JSON.stringify(client.frames)).not.toContain('PENDING');
  });

  it('gets each change once, though it watches it twice', async () => {
    const instance = shop.start();
    const { client } = await watching('a0', instance);
    client.session.subscribe({ scope: 'mine' });
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual(['a0 PENDING 1']);
  });

  it('hears nothing more once it has stopped watching', async () => {
    const { client, instance } = await watching('a0');
    client.session.unsubscribe({ orderId: 'a0' });
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    await settle();
    expect(types(client)).toEqual(['subscribed', 'unsubscribed']);
    expect(instance.hub.subscriptions).toBe(0);
  });
});

describe('subscribe before the event is known', () => {
  it('is no error: the state follows when the order is heard of', async () => {
    const { client, instance } = await watching('a0');
    expect(types(client)).toEqual(['subscribed']);
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    await shop.time.advance(20_000);
    expect(client.told()).toEqual(['a0 PENDING 1']);
    expect(types(client)).not.toContain('error');
  });

  it('is answered after ten seconds in the same words for an unknown order and for somebody else’s', async () => {
    const instance = shop.start();
    shop.tell('b0', 'bob', 'PENDING');
    shop.projectAll();
    instance.takeAll();
    const [{ client: unknown }, { client: foreign }] = [await watching('a0', instance), await watching('b0', instance)];
    await shop.time.advance(10_000 - 3 * FLUSH_MS);
    expect([types(unknown), types(foreign)]).toEqual([['subscribed'], ['subscribed']]);
    await shop.time.advance(60_000);
    const message = 'there is no such order, or it is not yours';
    expect(unknown.frames.slice(1)).toEqual([
      { type: 'error', data: { code: 'order_not_found', message, orderId: 'a0' } },
    ]);
    expect(foreign.frames.slice(1)).toEqual([
      { type: 'error', data: { code: 'order_not_found', message, orderId: 'b0' } },
    ]);
  });

  it('still delivers when the order comes after that', async () => {
    const { client, instance } = await watching('a0');
    await shop.time.advance(15_000);
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual(['a0 PENDING 1']);
  });
});

describe('a scope', () => {
  it('“mine” brings the news of all own orders and of the own balance, and no state', async () => {
    const instance = shop.start();
    shop.tell('a0', 'ann', 'PENDING');
    shop.projectAll();
    instance.takeAll();
    const client = shop.connect(instance);
    client.session.subscribe({ scope: 'mine' });
    shop.tell('a0', 'ann', 'PAID');
    shop.tell('b0', 'bob', 'PENDING');
    shop.topUp('anns', 'ann', 700n);
    instance.takeAll();
    await settle();
    expect(client.frames[0]).toMatchObject({ type: 'subscribed', data: { scope: 'mine', recovered: false } });
    expect(client.told()).toEqual(['a0 PAID 2', 'anns 700 1']);
  });

  it('“all” brings everybody’s to staff, and ends when they are staff no longer', async () => {
    const instance = shop.start();
    const client = shop.connect(instance, { userId: 'eve', staff: true });
    client.session.subscribe({ scope: 'all' });
    shop.tell('a0', 'ann', 'PENDING');
    shop.tell('b0', 'bob', 'PENDING');
    instance.takeAll();
    await settle();
    client.session.become({ userId: 'eve', staff: false });
    shop.tell('a0', 'ann', 'PAID');
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual(['a0 PENDING 1', 'b0 PENDING 1']);
  });
});

describe('what was said before', () => {
  it('is no news when it is published again', async () => {
    const instance = shop.start();
    const client = shop.connect(instance);
    client.session.subscribe({ scope: 'mine' });
    shop.tell('a0', 'ann', 'PENDING');
    shop.tell('a0', 'ann', 'PAID');
    [0, 1, 0, 1].forEach((offset) => shop.repeat('orders', 0, offset));
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual(['a0 PENDING 1', 'a0 PAID 2']);
  });

  it('is no news either when it is too old for anybody to remember', async () => {
    shop.tell('a0', 'ann', 'PENDING');
    await shop.time.advance(900_000);
    shop.repeat('orders', 0, 0);
    const instance = shop.start({ 'orders/0': 1 });
    const client = shop.connect(instance);
    client.session.subscribe({ scope: 'mine' });
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual([]);
  });

  it('does not stop what is late but new', async () => {
    const instance = shop.start();
    const client = shop.connect(instance);
    client.session.subscribe({ scope: 'mine' });
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    shop.tell('a0', 'ann', 'PAID');
    await shop.time.advance(900_000); // Kafka was away
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual(['a0 PENDING 1', 'a0 PAID 2']);
  });
});

describe('the live feed', () => {
  it('sends what comes together in one write', async () => {
    const instance = shop.start();
    const client = shop.connect(instance);
    client.session.subscribe({ scope: 'mine' });
    for (let count = 0; count < 50; count += 1) shop.tell(`a${count}0`, 'ann', 'PENDING');
    instance.takeAll();
    await settle();
    expect([client.told().length, client.writes]).toEqual([50, 1]);
  });

  it('leaves no timer behind', async () => {
    const { client, instance } = await watching('a0');
    client.leave();
    instance.hub[Symbol.dispose]();
    expect(shop.time.pending()).toBe(0);
  });
});
