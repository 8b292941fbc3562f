import { createShop, type Client, type Shop } from './shop.fake.js';

const FLUSH_MS = 10;

describe('the live feed', () => {
  let shop: Shop;
  beforeEach(() => {
    shop = createShop();
  });
  const settle = (): Promise<void> => shop.time.advance(FLUSH_MS);
  const types = (client: Client): string[] => client.frames.map(({ type }) => type);
  const watching = async (orderId: string, instance = shop.start(), member = {}) => {
    const client = shop.connect(instance, member);
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
      const [{ client: unknown }, { client: foreign }] = [
        await watching('a0', instance),
        await watching('b0', instance),
      ];
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

  describe('somebody who comes back', () => {
    const watchMine = async (instance = shop.start()) => {
      const client = shop.connect(instance);
      client.session.subscribe({ scope: 'mine' });
      await settle();
      return { client, instance };
    };
    const comeBack = async (instance: ReturnType<Shop['start']>, position: string) => {
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
