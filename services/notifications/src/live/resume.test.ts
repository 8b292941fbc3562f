import { createShop, type Instance, type Shop } from './shop.fake.js';

const FLUSH_MS = 10;
let shop: Shop;
beforeEach(() => {
  shop = createShop();
});
const settle = (): Promise<void> => shop.time.advance(FLUSH_MS);
const watching = async (orderId: string, instance: Instance = shop.start()) => {
  const client = shop.connect(instance);
  client.session.subscribe({ orderId });
  await settle();
  return { client, instance };
};

describe('somebody who comes back', () => {
  const watchMine = async (instance = shop.start()) => {
    const client = shop.connect(instance);
    client.session.subscribe({ scope: 'mine' });
    await settle();
    return { client, instance };
  };
  const comeBack = async (instance: Instance, position: string) => {
    const client = shop.connect(instance);
    client.session.subscribe({ scope: 'mine' }, position);
    await settle();
    return client;
  };

  it('gets exactly what it missed, in order, on any instance', async () => {
    const { client: before, instance } = await watchMine();
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    await settle();
    before.leave();
    shop.tell('a0', 'ann', 'PAID');
    shop.tell('c1', 'ann', 'PENDING');
    shop.topUp('anns', 'ann', 5n);
    shop.tell('b0', 'bob', 'PENDING');
    const other = shop.start();
    other.takeAll();
    const client = await comeBack(other, before.lastPosition());
    expect(client.frames[0]).toMatchObject({ type: 'subscribed', data: { scope: 'mine', recovered: true } });
    expect(client.told()).toEqual(['a0 PAID 2', 'c1 PENDING 1', 'anns 5 1']);
  });

  it('gets nothing twice from an instance that is behind the one it came from', async () => {
    const { client: before, instance } = await watchMine();
    const behind = shop.start();
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    await settle();
    const client = await comeBack(behind, before.lastPosition());
    shop.tell('c1', 'ann', 'PENDING');
    behind.take('orders', 1);
    await settle();
    // What it is told now must not lead back behind what it was told there.
    const again = await comeBack(instance, client.lastPosition());
    instance.takeAll();
    behind.takeAll();
    await settle();
    expect(client.told()).toEqual(['c1 PENDING 1']);
    expect(again.told()).toEqual([]);
  });

  it('may be interrupted in the middle of what it missed', async () => {
    const { client: before, instance } = await watchMine();
    for (const order of ['a0', 'c1', 'd0', 'e1']) shop.tell(order, 'ann', 'PENDING');
    instance.takeAll();
    const client = await comeBack(instance, before.frames[0]?.position ?? '');
    for (const [at, { position }] of client.frames.entries()) {
      const rest = await comeBack(shop.start(), position);
      expect(rest.told()).toEqual([]); // has not heard of anything yet
      const caughtUp = shop.start();
      caughtUp.takeAll();
      const later = await comeBack(caughtUp, position);
      expect([...client.told().slice(0, at), ...later.told()].toSorted()).toEqual(client.told().toSorted());
    }
  });

  it('is told that it must read again when it was away for too long, and gets no part of what it missed', async () => {
    const { client: before, instance } = await watchMine();
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    await shop.time.advance(601_000);
    shop.tell('a0', 'ann', 'PAID');
    instance.takeAll();
    const client = await comeBack(instance, before.frames[0]?.position ?? '');
    expect(client.frames).toHaveLength(1);
    expect(client.frames[0]?.data).toEqual({ scope: 'mine', recovered: false });
  });

  it.each(['', 'AAAA', 'not a position', '!'])('is told so as well with the position “%s”', async (position) => {
    const client = await comeBack(shop.start(), position);
    expect(client.frames[0]?.data).toEqual({ scope: 'mine', recovered: false });
  });

  it('gets nothing of somebody else’s order, however early the position that it shows', async () => {
    const { client: before, instance } = await watchMine();
    shop.tell('b0', 'bob', 'PENDING');
    instance.takeAll();
    const client = shop.connect(instance);
    client.session.subscribe({ orderId: 'b0' }, before.frames[0]?.position ?? '');
    await settle();
    expect(client.frames).toHaveLength(1);
    expect(client.frames[0]?.data).toEqual({ orderId: 'b0', recovered: true });
  });

  it('gets no state of an order that it goes on watching, and asks the database for nothing', async () => {
    const instance = shop.start();
    shop.tell('a0', 'ann', 'PENDING');
    shop.projectAll();
    instance.takeAll();
    const { client: before } = await watching('a0', instance);
    shop.tell('a0', 'ann', 'PAID');
    instance.takeAll();
    shop.states.read = () => Promise.reject(new Error('nobody should ask'));
    const client = shop.connect(instance);
    client.session.subscribe({ orderId: 'a0' }, before.lastPosition());
    await settle();
    expect(client.told()).toEqual(['a0 PAID 2']);
  });

  it.each([
    ['as fast as the client reads it', true],
    ['by itself, when the system takes all at once', false],
  ])('gets all of a great deal that it missed, %s', async (_how, blocked) => {
    const { client: before, instance } = await watchMine();
    for (let count = 0; count < 3_000; count += 1) shop.tell(`a${count}0`, 'ann', 'PENDING');
    instance.takeAll();
    before.leave();
    const client = shop.connect(instance);
    client.blocked = blocked;
    client.session.subscribe({ scope: 'mine' }, before.frames[0]?.position ?? '');
    await shop.time.advance(100);
    for (let read = 0; blocked && read < 10; read += 1) {
      expect(client.buffered).toBeLessThan(300 * 1024);
      expect(client.told().length).toBeLessThanOrEqual(2_000 * (read + 1));
      client.buffered = 0;
      client.flush();
    }
    expect(client.told()).toHaveLength(3_000);
    expect(new Set(client.told()).size).toBe(3_000);
    expect(client.closed).toBeUndefined();
  });
});
