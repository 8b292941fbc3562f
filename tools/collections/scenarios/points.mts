import { operations, type Scenario } from '../step.mts';

const ofUser = { params: { id: '{{userId}}' } };
const ofMachine = { params: { user_id: '{{userId}}' } };
const page = { query: { limit: '20' } };

export const points: Scenario = {
  steps: [
    {
      operation: 'post /v1/accounts/{id}/adjustments',
      as: 'staff',
      status: 201,
      ...ofUser,
      headers: { 'Idempotency-Key': '{{$guid}}' },
      body: { amount: 100_000, reason: 'welcome' },
    },
    { operation: 'get /v1/accounts/mine', as: 'customer', status: 200, saves: { userId: 'id' } },
    { operation: 'get /v1/accounts/mine/entries', as: 'customer', status: 200, ...page },
    { operation: 'get /v1/accounts/mine/balance', as: 'customer', status: 200 },
    { operation: 'get /v1/accounts/mine/requests', as: 'customer', status: 200, ...page },
    { operation: 'get /v1/accounts/{id}', as: 'staff', status: 200, ...ofUser },
    { operation: 'get /v1/accounts/{id}/entries', as: 'staff', status: 200, ...ofUser, ...page },

    {
      operation: 'post /v1/point/{user_id}/add',
      as: 'staff',
      status: 200,
      ...ofMachine,
      body: { point: 12.5 },
      saves: { requestId: 'data.request_id' },
    },
    {
      operation: 'get /v1/point/requests/{request_id}',
      name: 'What became of a request, once it is decided',
      as: 'staff',
      status: 200,
      params: { request_id: '{{requestId}}' },
      until: { at: 'data.status', is: 'APPLIED' },
    },
    { operation: 'post /v1/point/{user_id}/deduct', as: 'staff', status: 200, ...ofMachine, body: { point: 2.5 } },
    { operation: 'get /v1/point/{user_id}/latest', as: 'staff', status: 200, ...ofMachine },

    { operation: 'get /', as: 'nobody', status: 200 },
    { operation: 'get /ping', as: 'nobody', status: 200 },
    { operation: 'post /v1/point/add', as: 'staff', status: 202, body: { user_id: 1, point: 1_000 } },
    {
      operation: 'get /v1/point',
      name: 'The points of a user, once there are any',
      as: 'staff',
      status: 200,
      query: { id: '1' },
      until: { at: 'data.Point' },
    },
    { operation: 'post /v1/point/subtract', as: 'staff', status: 202, body: { user_id: 1, point: 500 } },
    {
      operation: 'post /v1/point/add',
      name: 'Nothing cannot be added',
      as: 'staff',
      status: 400,
      body: { user_id: 1, point: 0 },
    },

    { operation: 'post /api/user/orders', as: 'customer', status: 202, body: '{{orderNumber}}' },
    {
      operation: 'post /api/user/orders',
      name: 'Upload the same number again',
      as: 'customer',
      status: 200,
      body: '{{orderNumber}}',
    },
    {
      operation: 'post /api/user/orders',
      name: 'A number with a wrong check digit is refused',
      as: 'customer',
      status: 422,
      body: '12345678900',
    },
    { operation: 'get /api/user/orders', as: 'customer', status: 200 },
    { operation: 'get /api/user/balance', as: 'customer', status: 200 },
    {
      operation: 'post /api/user/balance/withdraw',
      as: 'customer',
      status: 200,
      body: { order: '{{otherNumber}}', sum: 7.51 },
    },
    {
      operation: 'post /api/user/balance/withdraw',
      name: 'Nobody withdraws more than there is',
      as: 'customer',
      status: 402,
      body: { order: '{{otherNumber}}', sum: 1_000_000 },
    },
    { operation: 'get /api/user/withdrawals', as: 'customer', status: 200 },
    ...operations({ parking: true }),
  ],
};
