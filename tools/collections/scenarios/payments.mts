import { operations, type Scenario } from '../step.mts';

const ofAccount = { params: { id: '{{accountId}}' } };

export const payments: Scenario = {
  steps: [
    { operation: 'post /v1/accounts', as: 'customer', status: 201 },
    { operation: 'get /v1/accounts/mine', as: 'customer', status: 200, saves: { userId: 'userId', accountId: 'id' } },
    {
      operation: 'patch /v1/accounts/{id}',
      as: 'customer',
      status: 204,
      ...ofAccount,
      headers: { 'Idempotency-Key': '{{$guid}}' },
      body: { amount: 50_000 },
    },
    {
      operation: 'patch /v1/accounts/{id}',
      name: 'A top-up of nothing is refused',
      as: 'customer',
      status: 400,
      ...ofAccount,
      body: { amount: 0 },
    },
    { operation: 'get /v1/accounts/{id}', as: 'customer', status: 200, ...ofAccount },
    {
      operation: 'get /v1/accounts/{id}/transactions',
      as: 'customer',
      status: 200,
      ...ofAccount,
      query: { limit: '20' },
    },
    { operation: 'get /v1/accounts', as: 'staff', status: 200, query: { userId: '{{userId}}' } },
    ...operations({ parking: true }),
  ],
};
