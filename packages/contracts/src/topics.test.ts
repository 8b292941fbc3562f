import {
  AccrualEvent,
  IdentityEvent,
  OrderEvent,
  PaymentEvent,
  PointsEvent,
  PointsRequest,
  topicById,
  topicOf,
  topics,
} from './index.js';

describe('the catalogue of topics', () => {
  it('says for ever the same about a topic that exists', () => {
    const fixed = [...topicById.values()].map(({ id, name, partitions, message }) => [
      id,
      name,
      partitions,
      message.name,
    ]);
    expect(fixed).toEqual([
      [1, 'order.events', 6, 'gstore.orders.v1.OrderEvent'],
      [2, 'payment.events', 6, 'gstore.payments.v1.PaymentEvent'],
      [3, 'points.requests', 6, 'gstore.points.v1.PointsRequest'],
      [4, 'points.events', 6, 'gstore.points.v1.PointsEvent'],
      [5, 'accrual.events', 6, 'gstore.accrual.v1.AccrualEvent'],
      [6, 'identity.events', 3, 'gstore.identity.v1.IdentityEvent'],
    ]);
  });

  it('finds the topic of a message, and the topic that an outbox row names', () => {
    expect(topicOf(OrderEvent)).toBe(topics.orderEvents);
    expect(topicOf(PaymentEvent)).toBe(topics.paymentEvents);
    expect(topicOf(PointsRequest)).toBe(topics.pointsRequests);
    expect(topicOf(PointsEvent)).toBe(topics.pointsEvents);
    expect(topicOf(AccrualEvent)).toBe(topics.accrualEvents);
    expect(topicOf(IdentityEvent)).toBe(topics.identityEvents);
    for (const topic of Object.values(topics)) expect(topicById.get(topic.id)).toBe(topic);
  });

  it('gives no two topics one id or one name', () => {
    const all = Object.values(topics);
    expect(topicById.size).toBe(all.length);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it('keeps messages for seven days', () => {
    for (const { retentionMs } of Object.values(topics)) expect(retentionMs).toBe(604_800_000);
  });
});
