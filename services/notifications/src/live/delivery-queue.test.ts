import { createShop, type Shop } from './shop.fake.js';

const FLUSH_MS = 10;
let shop: Shop;
beforeEach(() => {
  shop = createShop();
});
const settle = (): Promise<void> => shop.time.advance(FLUSH_MS);

describe('a client that reads slowly', () => {
  const SLOW_BYTES = 256 * 1024;

  it('gets only the newest state of each order when it reads on', async () => {
    const instance = shop.start();
    const client = shop.connect(instance);
    client.session.subscribe({ scope: 'mine' });
    await settle();
    client.buffered = SLOW_BYTES;
    for (const status of ['PENDING', 'PAID', 'ASSEMBLING']) {
      shop.tell('a0', 'ann', status);
      shop.tell('c1', 'ann', status);
      instance.takeAll();
      await settle();
    }
    expect(client.told()).toEqual([]);
    client.buffered = 0;
    client.flush();
    expect(client.told()).toEqual(['a0 ASSEMBLING 3', 'c1 ASSEMBLING 3']);
  });

  it('is given up after ten seconds', async () => {
    const instance = shop.start();
    const client = shop.connect(instance);
    client.session.subscribe({ scope: 'mine' });
    await settle();
    client.buffered = SLOW_BYTES;
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    await shop.time.advance(9_000);
    expect(client.closed).toBeUndefined();
    await shop.time.advance(2_100);
    expect(client.closed).toEqual({ code: 4408, reason: 'too slow' });
    expect(instance.hub.size).toBe(0);
  });

  it('is given up sooner when too much waits for it', async () => {
    const instance = shop.start();
    const client = shop.connect(instance, { userId: 'eve', staff: true });
    client.session.subscribe({ scope: 'all' });
    await settle();
    client.buffered = SLOW_BYTES;
    for (let count = 0; count < 6_000; count += 1) shop.tell(`a${count}0`, 'ann', 'PENDING');
    instance.takeAll();
    await settle();
    expect(client.closed).toBeUndefined(); // it may only be a burst
    await shop.time.advance(1_500);
    expect(client.closed?.code).toBe(4408);
  });

  it('costs nobody else anything', async () => {
    const instance = shop.start();
    const [slow, swift] = [shop.connect(instance), shop.connect(instance)];
    for (const client of [slow, swift]) client.session.subscribe({ scope: 'mine' });
    await settle();
    slow.buffered = SLOW_BYTES;
    shop.tell('a0', 'ann', 'PENDING');
    instance.takeAll();
    await settle();
    expect(swift.told()).toEqual(['a0 PENDING 1']);
  });
});
