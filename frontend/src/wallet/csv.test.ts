import { csvOf } from './csv.js';

it('a statement reads as a table, the oldest first, to the last cent', () => {
  const orderId = '0190c5f0-0000-7000-8000-000000000001';
  const entries = [
    {
      id: '2',
      type: 'CHARGE',
      direction: 'OUT',
      amount: 5,
      orderId,
      balanceAfter: 9_007_199_254_740_986,
      at: '2026-11-27T00:02:00Z',
    },
    {
      id: '1',
      type: 'TOP_UP',
      direction: 'IN',
      amount: 9_007_199_254_740_991,
      balanceAfter: 9_007_199_254_740_991,
      at: '2026-11-27T00:01:00Z',
    },
  ] as const;
  expect(csvOf(entries, 'RUB')).toBe(
    [
      'at,type,amount,balance,currency,order',
      '2026-11-27T00:01:00Z,TOP_UP,90071992547409.91,90071992547409.91,RUB,',
      `2026-11-27T00:02:00Z,CHARGE,-0.05,90071992547409.86,RUB,${orderId}`,
      '',
    ].join('\r\n'),
  );
});
