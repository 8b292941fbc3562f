import { operations, type Scenario } from '../step.mts';

export const notifications: Scenario = {
  customerHas: 'money',
  steps: [
    {
      operation: 'get /v1/notifications',
      name: 'My notifications, once there are any',
      as: 'customer',
      status: 200,
      query: { limit: '20' },
      until: { at: 'notifications.0.id' },
      saves: { notificationId: 'notifications.0.id' },
    },
    { operation: 'get /v1/notifications/unread-count', as: 'customer', status: 200 },
    {
      operation: 'post /v1/notifications/{id}/read',
      as: 'customer',
      status: 204,
      params: { id: '{{notificationId}}' },
    },
    { operation: 'post /v1/notifications/read-all', as: 'customer', status: 204 },
    ...operations({ parking: true, relay: false }),
  ],
};
