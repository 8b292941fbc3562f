import { table, verdict } from '../document.mts';
import type { Figure, Numbers } from '../figure.mts';
import { startNaiveShop } from '../naive/shop.mts';
import { openShop, type Shop } from '../shop.mts';
import { postgresSettings, startStack } from '../stack.mts';
import { medians } from '../statistics.mts';
import { oneDecimal, tell, times } from '../words.mts';
import { measureLimit } from './limit.mts';
import { measureLatencies, type Latencies } from './orders.mts';

export const latency: Figure = {
  name: 'latency',
  title: 'One order, unloaded',
  versionsOf: ['kafkajs', 'express', 'ws', 'pg'],
  what: 'One order after another in a shop that does nothing else, from the moment before `POST /v1/orders` is sent through nginx until GET says PAID, and until the websocket says so. Beside it a naive version of the same shop (`bench/naive`: a transaction per request and per message, outboxes polled every 500 ms), which is spared the gateway, tokens, validation and idempotency; and the limit: a commit, produce and consume, a commit, produce and consume, a commit, in one process.',
  floor: 'p50 ≤ 40 ms, p99 ≤ 100 ms',
  goal: 'p50 ≤ 20 ms, p99 ≤ 50 ms',
  holds:
    'CPU, not waiting: one order alone is ten transactions, five ticks of the outbox and some eighty statements in three databases, each for a single row, about 30 ms of CPU over all processes (a third of it PostgreSQL), of which two cores can do little at once; the three flushes of the log on the way take 1–3 ms each. Whatever else runs on the machine is felt at once, most of all in p99.',

  async measure({ quick, repeats }) {
    await using stack = await startStack();
    const { gateway, kafkaBrokers: brokers } = stack.description;
    const { ownerUrl: url } = await stack.freshDatabase('latency_naive');
    const [orders, naiveOrders, rounds] = quick ? [10, 2, 10] : [200, 20, 200];
    await using ours = openShop(gateway, 4);
    await using naive = await startNaiveShop({ url, brokers, connections: 4 });
    const runs: { ours: Latencies[]; naive: Latencies[]; limit: { p50: number; p99: number }[] } = {
      ours: [],
      naive: [],
      limit: [],
    };
    const of = async (shop: Shop, count: number): Promise<Latencies> => {
      await using customer = await shop.customer();
      return await measureLatencies(customer, count);
    };
    await of(ours, Math.min(orders, 100)); // compiles what is run often, opens what is kept open
    for (let round = 1; round <= repeats; round++) {
      const mine = await of(ours, orders);
      runs.ours.push(mine);
      tell(`  round ${round}/${repeats}  ours   ${told(mine)}`);
      const theirs = await of(naive, naiveOrders);
      runs.naive.push(theirs);
      tell(`  round ${round}/${repeats}  naive  ${told(theirs)}`);
      const limit = await measureLimit({ brokers, url, rounds });
      runs.limit.push(limit);
      tell(`  round ${round}/${repeats}  limit  p50 ${oneDecimal(limit.p50)} ms, p99 ${oneDecimal(limit.p99)} ms`);
    }
    return { settings: await postgresSettings(stack.superuserUrl), numbers: runs };
  },

  render({ numbers }) {
    const { ours, naive, limit } = mediansOf(numbers);
    const row = (title: string, of: Latencies): readonly string[] => [
      title,
      ...[of.placedP50, of.placedP99, of.paidP50, of.paidP99, of.frameP50, of.frameP99].map(oneDecimal),
    ];
    const heads = ['ms', '201: p50', 'p99', 'PAID read: p50', 'p99', 'frame: p50', 'p99'];
    const limits = [
      'limit: produce and consume twice, three commits',
      '',
      '',
      oneDecimal(limit.p50),
      oneDecimal(limit.p99),
      '',
      '',
    ];
    const reached = (what: string, p50: number, p99: number) => ({
      what: `${what} p50 ${oneDecimal(p50)} ms, p99 ${oneDecimal(p99)} ms`,
      floor: p50 <= 40 && p99 <= 100,
      goal: p50 <= 20 && p99 <= 50,
    });
    return [
      table(heads, [row('**ours, through nginx**', ours), row('naive, without a gateway', naive), limits]),
      `Reached: ${verdict([reached('POST → PAID read', ours.paidP50, ours.paidP99), reached('POST → frame', ours.frameP50, ours.frameP99)])}. The naive version takes ${times(naive.paidP50 / ours.paidP50)} as long to PAID; ours takes ${times(ours.paidP50 / limit.p50)} the limit.`,
    ].join('\n\n');
  },
};

const told = ({ placedP50, paidP50, paidP99, frameP50, frameP99 }: Latencies): string =>
  `201 ${oneDecimal(placedP50)} ms, PAID p50 ${oneDecimal(paidP50)} p99 ${oneDecimal(paidP99)} ms, frame p50 ${oneDecimal(frameP50)} p99 ${oneDecimal(frameP99)} ms`;

const mediansOf = (numbers: Numbers) => ({
  ours: medians((numbers['ours'] ?? []) as readonly Latencies[]),
  naive: medians((numbers['naive'] ?? []) as readonly Latencies[]),
  limit: medians((numbers['limit'] ?? []) as readonly { p50: number; p99: number }[]),
});
