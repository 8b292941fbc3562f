/** What a service's container is called in docker-compose.yml; its name and port are where the others find it. */
export const containerOf = (service: string): string => otherwise[service] ?? `${service}-service`;

const otherwise: Readonly<Record<string, string>> = {
  orders: 'order-service',
  payments: 'payment-service',
  notifications: 'order-notification-service',
};
