import { eventually, openSocket } from '@g-store/testing';
import { becomes, customer, placeOrder, watch, type Frame } from '../shop';
import { INSTANCES, killPart, parts, portOf, revive, socketUrl } from '../stack';

jest.setTimeout(120_000);

/** The versions of an order that a socket was told, in order of arrival. */
const versionsOf = (frames: readonly Frame[], id: string) =>
  frames.filter(({ type, data }) => type.startsWith('order.') && data.orderId === id).map(({ data }) => data.version);

describe('three notification instances behind the gateway', () => {
  it('60 of 60 sockets are told', async () => {
    const anna = await customer(10_000);
    const sockets = await Promise.all(Array.from({ length: 60 }, () => watch(anna)));
    for (const socket of sockets) socket.send({ type: 'subscribe', scope: 'mine' });
    await Promise.all(sockets.map((socket) => socket.frame(({ type }) => type === 'subscribed')));
    const id = await placeOrder(anna, 1_000);
    await Promise.all(
      sockets.map((socket) =>
        socket.frame(({ data }) => data.orderId === id && data.status === 'PAID', { within: 20_000 }),
      ),
    );
    for (const socket of sockets) {
      expect(versionsOf(socket.frames, id)).toEqual([1, 2]);
      socket.close();
    }
    expect((await parts()).filter(({ name, ready }) => name.startsWith('notifications') && ready)).toHaveLength(
      INSTANCES,
    );
  });

  it('a client whose instance is killed resumes elsewhere and misses nothing', async () => {
    const anna = await customer(100_000);
    // Directly on the second instance, so that it is known which one to kill.
    const direct = portOf(8_184).replace('http', 'ws');
    const before = await openSocket<Frame>(`${direct}/ws`, { token: anna.token });
    before.send({ type: 'subscribe', scope: 'mine' });
    await before.frame(({ type }) => type === 'subscribed');
    const first = await placeOrder(anna, 100);
    const seen = await before.frame(({ data }) => data.orderId === first && data.status === 'PAID');
    await killPart('notifications-2');
    await before.closed;
    const missed = [await placeOrder(anna, 200), await placeOrder(anna, 300)];
    for (const id of missed) await becomes(anna, id, 'PAID');
    await using after = await openSocket<Frame>(socketUrl, { token: anna.token });
    after.send({ type: 'subscribe', scope: 'mine', after: seen.position });
    expect((await after.frame(({ type }) => type === 'subscribed')).data.recovered).toBe(true);
    await Promise.all(missed.map((id) => after.frame(({ data }) => data.orderId === id && data.status === 'PAID')));
    expect(missed.map((id) => versionsOf(after.frames, id))).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(versionsOf(after.frames, first)).toEqual([]);
    await revive('notifications-2');
  });

  it('the gateway finds an instance again that was killed and started', async () => {
    const anna = await customer(0);
    await killPart('notifications');
    const sockets = await Promise.all(Array.from({ length: 6 }, () => watch(anna)));
    await revive('notifications');
    await eventually(async () => (await parts()).every(({ ready }) => ready), { within: 30_000, every: 200 });
    for (const socket of sockets) {
      socket.send({ type: 'ping' });
      await socket.frame(({ type }) => type === 'pong');
      socket.close();
    }
  });
});
