/** What a new service can hear: the topic as the code calls it, its first event, and one such event for its test. */
export interface Hearable {
  readonly topicExport: string;
  readonly Message: string;
  readonly case: string;
  /** TypeScript, for the test that comes with the service. */
  readonly value: string;
}

export const hearable: Readonly<Record<string, Hearable>> = {
  'order.events': {
    topicExport: 'orderEvents',
    Message: 'OrderEvent',
    case: 'created',
    value: `{ number: '18', amount: 100n, currency: 'RUB', pointsToSpend: 0n, items: [] }`,
  },
  'payment.events': {
    topicExport: 'paymentEvents',
    Message: 'PaymentEvent',
    case: 'processed',
    value: `{ orderId: key, status: 'SUCCESS', amount: 100n }`,
  },
  'points.requests': {
    topicExport: 'pointsRequests',
    Message: 'PointsRequest',
    case: 'requested',
    value: `{ requestId: key, kind: 'ADD', points: 100n, actor: owner }`,
  },
  'points.events': {
    topicExport: 'pointsEvents',
    Message: 'PointsEvent',
    case: 'earned',
    value: `{ accountId: owner, orderNumber: '18', points: 100n, balance: 100n, accountVersion: 1 }`,
  },
  'accrual.events': {
    topicExport: 'accrualEvents',
    Message: 'AccrualEvent',
    case: 'rewardCalculated',
    value: `{ orderNumber: '18', orderId: key, points: 100n }`,
  },
  'identity.events': {
    topicExport: 'identityEvents',
    Message: 'IdentityEvent',
    case: 'sessionRevoked',
    value: `{ sessionId: key }`,
  },
};
