import { operations, type Scenario } from '../step.mts';

export const journal: Scenario = {
  customerHas: 'money and an order',
  steps: [
    {
      operation: 'get /v1/events',
      name: 'The newest orders, once one was heard',
      as: 'operator',
      status: 200,
      query: { type: 'OrderCreated', limit: '20' },
      until: { at: 'items.0.id' },
      saves: { eventId: 'items.0.id', orderId: 'items.0.orderId' },
    },
    { operation: 'get /v1/events/{id}', as: 'operator', status: 200, params: { id: '{{eventId}}' } },
    { operation: 'get /v1/journeys/{orderId}', as: 'operator', status: 200, params: { orderId: '{{orderId}}' } },
    { operation: 'get /v1/stuck', as: 'operator', status: 200, query: { limit: '20' } },
    { operation: 'get /v1/invariants', as: 'operator', status: 200 },
    ...operations({ parking: true, relay: false }),
  ],
};
