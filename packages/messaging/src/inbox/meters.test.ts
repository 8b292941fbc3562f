import { createMetrics, createVirtualTime } from '@g-store/runtime';
import { inboxMeters } from './meters.js';

const topic = 'order.events';
const start = Date.parse('2026-01-01T00:00:00Z');

function meters() {
  const time = createVirtualTime(new Date(start));
  const metrics = createMetrics({ service: 'shop' });
  const inbox = inboxMeters(metrics, time.clock, [topic, 'payment.events']);
  const value = async (series: string) =>
    Number(
      (await metrics.text())
        .split('\n')
        .find((line) => line.startsWith(series))
        ?.split(' ')[1],
    );
  const batch = (partition: number, toldMs: number) => ({
    topic,
    partition,
    records: [{ offset: 0n, key: null, value: null, timestamp: toldMs }],
    highWatermark: 1n,
  });
  return { inbox, time, batch, value, lag: () => value(`consumer_lag_seconds{topic="${topic}"`) };
}

describe('how far a consumer is behind', () => {
  it('is the age of the oldest message in hand, and nothing once it is applied', async () => {
    const { inbox, batch, lag } = meters();
    expect(await lag()).toBe(0);
    {
      using _old = inbox.begin(batch(1, start - 30_000));
      using _new = inbox.begin(batch(2, start - 1_000));
      expect(await lag()).toBe(30);
    }
    expect(await lag()).toBe(0);
  });

  it('is at least as long as it has been paused', async () => {
    const { inbox, time, lag } = meters();
    inbox.pause(true);
    await time.advance(5_000);
    inbox.pause(true);
    await time.advance(5_000);
    expect(await lag()).toBe(10);
    expect(inbox.lagSeconds()).toBe(10);
    inbox.pause(false);
    expect(await lag()).toBe(0);
  });
});

it('a message that was heard before is counted as such, and not as heard', async () => {
  const { inbox, value } = meters();
  inbox.became(topic, 'applied');
  inbox.became(topic, 'repeat');
  inbox.became(topic, 'repeat');
  expect(await value('inbox_messages_total')).toBe(1);
  expect(await value('inbox_duplicates_total')).toBe(2);
});
