import { readMessage } from './socket-messages.js';

const orderId = '0198c0de-0000-7000-8000-000000000001';
const read = (message: unknown) => readMessage(JSON.stringify(message));

describe('what a client says on a socket', () => {
  it('is understood', () => {
    expect(read({ type: 'subscribe', orderId })).toEqual({ type: 'subscribe', target: { orderId } });
    expect(read({ type: 'subscribe', scope: 'mine', after: 'p' })).toEqual({
      type: 'subscribe',
      target: { scope: 'mine' },
      after: 'p',
    });
    expect(read({ type: 'unsubscribe', scope: 'all' })).toEqual({ type: 'unsubscribe', target: { scope: 'all' } });
    expect(read({ type: 'authenticate', token: 't' })).toEqual({ type: 'authenticate', token: 't' });
    expect(read({ type: 'ping' })).toEqual({ type: 'ping' });
  });

  it('may be in capitals and may say more than is asked', () => {
    expect(read({ type: 'subscribe', orderId: orderId.toUpperCase(), of: 'a newer client' })).toEqual({
      type: 'subscribe',
      target: { orderId },
    });
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '7'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"shout"}'],
    ['no order', '{"type":"subscribe"}'],
    ['an order and a scope', JSON.stringify({ type: 'subscribe', orderId, scope: 'mine' })],
    ['an order that is none', '{"type":"subscribe","orderId":"7"}'],
    ['another scope', '{"type":"subscribe","scope":"everything"}'],
    ['a position that is no text', JSON.stringify({ type: 'subscribe', orderId, after: 7 })],
    ['no token', '{"type":"authenticate"}'],
    ['deep nesting', `${'['.repeat(7_000)}${']'.repeat(7_000)}`],
    ['a prototype', '{"__proto__":{"type":"ping"}}'],
  ])('is nothing when it is %s', (_what, text) => expect(readMessage(text)).toBeUndefined());
});
