import { masked } from './masking.js';

it('hides what people write and leaves ids, amounts, states and times', () => {
  const at = new Date();
  expect(
    masked({
      number: '18',
      amount: 500n,
      description: 'for Anna',
      items: [{ sku: 'ring', description: 'engraved', price: 5n }],
      actor: 'key:till',
      reason: 'CHANGED_MIND',
      at,
    }),
  ).toEqual({
    number: '18',
    amount: 500n,
    description: '***',
    items: [{ sku: 'ring', description: '***', price: 5n }],
    actor: 'key:till',
    reason: 'CHANGED_MIND',
    at,
  });
  expect(masked({ reason: 'Anna was angry', login: 'anna', name: 'Anna' })).toEqual({
    reason: '***',
    login: '***',
    name: '***',
  });
});
