import { operations, type Scenario } from '../step.mts';

const ofAccount = { params: { id: '{{accountId}}' } };
const ofUser = { params: { user_id: '{{userId}}' } };

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
    {
      operation: 'post /payment/account/create/{user_id}',
      name: 'Open an account as the older online shop does, for somebody new',
      as: 'staff',
      status: 200,
      params: { user_id: '{{$guid}}' },
      headers: { 'Idempotency-Key': '{{$guid}}' },
      body: { full_name: 'Anna Karenina', balance: 500.5 },
    },
    { operation: 'get /payment/account/get', as: 'staff', status: 200, query: { limit: '20' } },
    { operation: 'get /payment/account/get/{user_id}', as: 'customer', status: 200, ...ofUser },
    {
      operation: 'patch /payment/account/update/{user_id}',
      name: 'Top up an account as the older online shop does',
      as: 'customer',
      status: 200,
      ...ofUser,
      headers: { 'Idempotency-Key': '{{$guid}}' },
      body: { amount: 1.25 },
    },
    ...operations({ parking: true }),
  ],
};
