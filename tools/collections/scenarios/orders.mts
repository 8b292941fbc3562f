import { operations, type Scenario } from '../step.mts';

const ofOrder = { params: { id: '{{orderId}}' } };
const paid = {
  operation: 'get /v1/orders/{id}',
  as: 'customer',
  status: 200,
  ...ofOrder,
  until: { at: 'status', is: 'PAID' },
} as const;
const moved = (to: string) =>
  ({
    operation: 'patch /v1/staff/orders/{id}/status',
    name: `Move an order on: ${to}`,
    as: 'staff',
    status: 204,
    ...ofOrder,
    body: { status: to },
  }) as const;

export const orders: Scenario = {
  customerHas: 'money',
  steps: [
    { operation: 'get /v1/catalogue', as: 'nobody', status: 200 },
    {
      operation: 'post /v1/orders',
      as: 'customer',
      status: 201,
      headers: { 'Idempotency-Key': '{{$guid}}' },
      body: {
        items: [
          { sku: 'MUG-BLUE', quantity: 2 },
          { description: 'Gift wrap', price: 5_000, quantity: 1 },
        ],
      },
      saves: { orderId: 'orderId' },
    },
    { ...paid, name: 'An order, once it is paid', saves: { userId: 'userId' } },
    { operation: 'get /v1/orders', as: 'customer', status: 200, query: { limit: '20' } },
    { operation: 'get /v1/orders/{id}/history', as: 'customer', status: 200, ...ofOrder },
    { operation: 'get /v1/staff/orders', as: 'staff', status: 200, query: { status: 'PAID', limit: '20' } },
    moved('ASSEMBLING'),
    moved('ASSEMBLED'),
    moved('DELIVERING'),
    moved('ISSUED'),
    {
      operation: 'post /v1/orders/{id}/cancel',
      name: 'An issued order cannot be cancelled',
      as: 'customer',
      status: 409,
      ...ofOrder,
      body: { cancellationReason: 'CHANGED_MIND' },
    },
    {
      operation: 'post /v1/orders',
      name: 'Place an order of a plain amount',
      as: 'customer',
      status: 201,
      body: { amount: 4_200 },
      saves: { orderId: 'orderId' },
    },
    {
      operation: 'post /v1/orders/{id}/cancel',
      as: 'customer',
      status: 204,
      ...ofOrder,
      body: { cancellationReason: 'CHANGED_MIND' },
    },
    {
      operation: 'post /v1/orders',
      name: 'Place an order that will be out of stock',
      as: 'customer',
      status: 201,
      body: { amount: 4_300 },
      saves: { orderId: 'orderId' },
    },
    {
      operation: 'post /v1/staff/orders/{id}/cancel',
      as: 'staff',
      status: 204,
      ...ofOrder,
      body: { cancellationReason: 'OUT_OF_STOCK' },
    },
    {
      operation: 'post /order/create/{user_id}',
      name: 'Place an order as the older online shop does',
      as: 'customer',
      status: 200,
      params: { user_id: '{{userId}}' },
      headers: { 'Idempotency-Key': '{{$guid}}' },
      body: { amount: 42.5, descr: 'A teapot' },
      saves: { orderId: 'id' },
    },
    { operation: 'get /order/get', as: 'customer', status: 200, query: { page: '1', limit: '20' } },
    { operation: 'get /order/get/{id}', as: 'customer', status: 200, ...ofOrder },
    ...operations({ parking: true }),
  ],
};
