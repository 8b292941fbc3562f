import { orderMessage, balanceMessage, replyMessage } from '../live/news.js';
import { readMessage } from './socket-messages.js';
import { serverMessages, socketSchemas } from './socket-schemas.js';

const orderId = '0190c5f0-0000-7000-8000-000000000000';
const at = new Date('2030-01-02T03:04:05.678Z');
const change = { accountId: orderId, balance: 150n, change: -50n, version: 3, at };
const withPosition = (open: string): string => `${open},"position":"p"}`;

const said: readonly string[] = [
  withPosition(orderMessage({ orderId, status: 'PAID', version: 2, at })),
  withPosition(orderMessage({ orderId, status: 'CANCELLED', reason: 'CHANGED_MIND', version: 2, at })),
  withPosition(balanceMessage('balance.changed', { ...change, kind: 'CHARGE', orderId })),
  withPosition(balanceMessage('points.changed', { ...change, kind: 'EARNED', orderNumber: '18' })),
  withPosition(replyMessage('subscribed', { orderId, recovered: false })),
  withPosition(replyMessage('subscribed', { scope: 'mine', recovered: true })),
  `${replyMessage('unsubscribed', { scope: 'all' })}}`,
  `${replyMessage('authenticated', { expiresAt: at.toISOString() })}}`,
  `${replyMessage('pong')}}`,
  `${replyMessage('error', { code: 'order_not_found', message: 'there is no such order, or it is not yours', orderId })}}`,
];

describe('what is written down about the socket', () => {
  it.each(said)('has a place for every word of %s', (text) => {
    const message = JSON.parse(text) as { readonly type: keyof typeof serverMessages };
    expect(serverMessages[message.type].parse(message)).toEqual(message);
  });

  it('knows of no message that nobody sends', () => {
    const types = said.map((text) => (JSON.parse(text) as { readonly type: string }).type);
    expect(new Set(types)).toEqual(new Set(Object.keys(serverMessages)));
  });

  it('names every message that is understood', () => {
    expect(Object.keys(socketSchemas().clientMessages)).toEqual(['subscribe', 'unsubscribe', 'authenticate', 'ping']);
    expect(readMessage(JSON.stringify({ type: 'subscribe', orderId }))).toEqual({
      type: 'subscribe',
      target: { orderId },
    });
    expect(readMessage(JSON.stringify({ type: 'subscribe' }))).toBeUndefined();
  });
});
