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

describe('present state while the projection lags', () => {
  it('is what the feed has heard, though the database has heard nothing yet', async () => {
    const instance = shop.start();
    shop.tell('a0', 'ann', 'PENDING');
    shop.tell('a0', 'ann', 'PAID');
    instance.takeAll();
    const { client } = await watching('a0', instance);
    expect(client.told()).toEqual(['a0 PAID 2']);
  });

  it('never goes back when the database is further than the feed', async () => {
    shop.tell('a0', 'ann', 'PENDING');
    shop.tell('a0', 'ann', 'PAID');
    shop.projectAll();
    const instance = shop.start();
    const { client } = await watching('a0', instance);
    instance.takeAll();
    shop.tell('a0', 'ann', 'ASSEMBLING');
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual(['a0 PAID 2', 'a0 ASSEMBLING 3']);
  });

  it('comes before any later change, though the database answers late', async () => {
    const instance = shop.start();
    shop.tell('a0', 'ann', 'PENDING');
    shop.projectAll();
    instance.takeAll();
    const { read } = shop.states;
    shop.states.read = async (...asked) => {
      const before = await read(...asked);
      await shop.time.sleep(500);
      return before;
    };
    const { client } = await watching('a0', instance);
    shop.tell('a0', 'ann', 'PAID');
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual([]);
    shop.tell('a0', 'ann', 'ASSEMBLING');
    await shop.time.advance(600);
    instance.takeAll();
    await settle();
    expect(client.told()).toEqual(['a0 PAID 2', 'a0 ASSEMBLING 3']);
  });

  it('waits for a projection that is further behind than the feed remembers', async () => {
    shop.tell('a0', 'ann', 'PENDING');
    shop.tell('a0', 'ann', 'PAID');
    const instance = shop.start({ 'orders/0': 1 });
    instance.takeAll();
    const { client } = await watching('a0', instance);
    expect(client.told()).toEqual([]);
    shop.projectAll();
    await shop.time.advance(200);
    expect(client.told()).toEqual(['a0 PAID 2']);
  });

  it('is an error after two seconds, and the client may ask again', async () => {
    shop.tell('a0', 'ann', 'PENDING');
    const instance = shop.start({ 'orders/0': 1 });
    const { client } = await watching('a0', instance);
    await shop.time.advance(2_100);
    expect(client.frames[1]).toMatchObject({ type: 'error', data: { code: 'unavailable', orderId: 'a0' } });
    shop.projectAll();
    client.session.subscribe({ orderId: 'a0' });
    await settle();
    expect(client.told()).toEqual(['a0 PENDING 1']);
  });

  it('is an error as well when the database does not answer', async () => {
    shop.states.read = () => Promise.reject(new Error('no database'));
    const { client } = await watching('a0');
    expect(client.frames[1]).toMatchObject({ type: 'error', data: { code: 'unavailable' } });
  });

  it('does not let other news of the same socket pass a state that is still being read', async () => {
    const instance = shop.start();
    const client = shop.connect(instance);
    client.session.subscribe({ scope: 'mine' });
    shop.states.read = async () => {
      await shop.time.sleep(300);
      return { applied: 0 };
    };
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    await settle();
    const before = client.lastPosition();
    client.session.subscribe({ orderId: 'a0' });
    shop.tell('c1', 'ann', 'PENDING');
    instance.takeAll();
    await settle();
    // With the position of c1's news it would go on elsewhere without ever having got the state of a0.
    expect(client.told()).toEqual(['a0 PENDING 1']);
    await shop.time.advance(400);
    expect(client.told()).toEqual(['a0 PENDING 1', 'c1 PENDING 1', 'a0 PENDING 1']);
    expect(client.lastPosition()).not.toBe(before);
  });
});
