import { operations, type Scenario } from '../step.mts';

export const accrual: Scenario = {
  steps: [
    {
      operation: 'post /api/goods',
      as: 'staff',
      status: 200,
      body: { match: '{{match}}', reward: 5, reward_type: '%' },
    },
    {
      operation: 'post /api/goods',
      name: 'A match has one reward',
      as: 'staff',
      status: 409,
      body: { match: '{{match}}', reward: 10, reward_type: 'pt' },
    },
    {
      operation: 'post /api/orders',
      as: 'staff',
      status: 202,
      body: { order: '{{orderNumber}}', goods: [{ description: 'The {{match}}', price: 14_599.5 }] },
    },
    {
      operation: 'get /api/orders/{number}',
      name: 'What an order has earned, once that is worked out',
      as: 'staff',
      status: 200,
      params: { number: '{{orderNumber}}' },
      until: { at: 'status', is: 'PROCESSED' },
    },
    {
      operation: 'get /api/orders/{number}',
      name: 'Nothing is known of an order that nobody has registered',
      as: 'staff',
      status: 204,
      params: { number: '{{otherNumber}}' },
    },
    ...operations({ parking: true }),
  ],
};
