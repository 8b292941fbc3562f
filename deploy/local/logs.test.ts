import { filterOf, matches, pretty, toLine } from './logs.mts';

const order = toLine(
  'orders-2',
  '{"level":"warn","time":1763719200123,"service":"orders","module":"relay","orderId":"o-1","traceId":"t-1","message":"late"}',
  0,
);
const plain = toLine('postgres', '2025-11-21 10:00:01.500 UTC LOG:  checkpoint starting', 0);

describe('reading the logs', () => {
  it('finds the lines of a service and of its further instances', () => {
    expect([
      matches(order, { service: 'orders' }),
      matches(order, { service: 'orders-2' }),
      matches(order, { service: 'payments' }),
    ]).toEqual([true, true, false]);
  });

  it('finds what is as grave as asked, or graver', () => {
    expect(['debug', 'warn', 'error'].map((level) => matches(order, { level }))).toEqual([true, true, false]);
    expect(matches(toLine('x', '{"level":50}', 0), { level: 'error' })).toBe(true);
    expect(() => filterOf({ LEVEL: 'loud' })).toThrow('LEVEL=loud: write one of trace, debug');
  });

  it('follows an order or a trace through every service', () => {
    expect([
      matches(order, { order: 'o-1' }),
      matches(order, { trace: 't-1' }),
      matches(order, { order: 'o-2' }),
    ]).toEqual([true, true, false]);
  });

  it('puts lines of services, of nginx and of PostgreSQL in one order', () => {
    expect([order.at, plain.at, toLine('nginx', '{"time":1763719201.25}', 0).at]).toEqual([
      1763719200123, 1763719201500, 1763719201250,
    ]);
    expect(toLine('kafka', '\tat somewhere', 42).at).toBe(42);
  });

  it('shows a line so that a person can read it', () => {
    expect(pretty(order)).toBe('10:00:00.123 warn  orders-2/relay late  orderId=o-1 traceId=t-1');
  });

  it('shows where a fault came from below the line', () => {
    const fault = {
      level: 'error',
      message: 'cannot',
      err: { message: 'no', stack: 'Error: no\n    at here\n    at there' },
    };
    expect(
      pretty(toLine('orders', JSON.stringify(fault), 0))
        .split('\n')
        .slice(1),
    ).toEqual(['    Error: no', '        at here', '        at there']);
  });
});
