import { randomUUID } from 'node:crypto';
import { newNumber } from '../shop';
import {
  credentials,
  MACHINES_CUSTOMER,
  newcomer,
  paidOrder,
  registered,
  type Identity,
  type Role,
  type Shopper,
} from './cast';
import type { Service } from './answers';
import type { Scope } from '../stack';

/** Which thing of whom a request names. */
export type Thing = 'own' | "another's" | 'missing' | 'malformed';

/** What the matrix knows of a route: who may, on what, and what comes of it. A route without an entry fails the matrix. */
export interface Entry {
  readonly who: 'public' | Role;
  /** A machine with a key of this scope may too. */
  readonly machine?: Scope;
  /** What the path's `{…}` names; a route without one has no such columns. */
  readonly names?: 'order' | 'account' | 'notification' | 'user' | 'parked' | 'request' | 'number' | 'event';
  /** Whose things somebody reaches, who may come in at all: their own, or staff anybody's, or everybody anybody's. */
  readonly reaches?: 'own' | 'own, and staff all' | 'all';
  /** What follows the route's own path. */
  readonly query?: string;
  readonly body?: (asker: Identity) => unknown;
  /** Where the thing is to be reached. */
  readonly answer: number;
  /** Where the thing is the asker's own and that makes a difference. */
  readonly ownAnswer?: number;
  /** Where staff names a user whom this service has never heard of: the shop takes their word for it. */
  readonly strangersAnswer?: number;
  /** Where what is named can be no such thing; 400 unless it makes no difference. */
  readonly malformedAnswer?: number;
  /** Where nobody asks, on a public route that is about somebody. */
  readonly nobodysAnswer?: number;
  /** A thing to change: so that every other cell still finds what it is about. */
  readonly fresh?: (owner: Shopper) => Promise<string>;
  /** Ends sessions, so that somebody new asks who has the same rights. */
  readonly byNewcomer?: true;
}

const order = { names: 'order', reaches: 'own, and staff all', machine: 'orders', who: 'customer' } as const;
const account = { names: 'account', reaches: 'own, and staff all', machine: 'orders', who: 'customer' } as const;
const staffsOrder = { names: 'order', reaches: 'all', machine: 'orders', who: 'staff', fresh: paidOrder } as const;
const shoppersUser = { names: 'user', reaches: 'own, and staff all', who: 'customer' } as const;
const operatorsUser = { names: 'user', reaches: 'all', who: 'operator', answer: 204 } as const;
/** Any text of some shape names an account of points, and what nobody has heard of is empty. */
const somebodysPoints = {
  names: 'user',
  reaches: 'all',
  who: 'staff',
  machine: 'points',
  answer: 200,
  strangersAnswer: 200,
} as const;
const machines = { who: 'staff', machine: 'points' } as const;
const change = () => ({ user_id: Number(MACHINES_CUSTOMER), point: 1 });
const somebodyNew = async (): Promise<string> => (await newcomer()).id;
const parked = { names: 'parked', who: 'operator' } as const;

/** Every service has these; identity hears nobody, so it has nothing that could be parked. */
const status: Record<string, Entry> = {
  'get /v1/operations/status': { who: 'operator', answer: 200 },
  'get /v1/operations/audit': { who: 'operator', answer: 200 },
  'put /v1/operations/log-levels': { who: 'operator', body: () => ({ levels: 'info' }), answer: 200 },
};
/** Whoever gets as far as the body may; a body that is refused pauses nothing under the tests beside this one. */
const pausing = (part: 'relay' | 'consumers'): Record<string, Entry> => {
  const entry: Entry = { who: 'operator', body: () => ({ not: 'wanted' }), answer: 400 };
  return { [`post /v1/operations/${part}/pause`]: entry, [`post /v1/operations/${part}/resume`]: entry };
};
const operations: Record<string, Entry> = {
  ...status,
  ...pausing('consumers'),
  'get /v1/operations/parked': { who: 'operator', answer: 200 },
  'get /v1/operations/parked/{id}': { ...parked, answer: 200 },
  'post /v1/operations/parked/{id}/release': { ...parked, answer: 200 },
  'post /v1/operations/parked/{id}/drop': { ...parked, body: () => ({ reason: 'nobody needs it' }), answer: 204 },
  'post /v1/operations/parked/release': { who: 'operator', body: () => ({ rate: 1 }), answer: 202 },
};

const routes: Readonly<Record<Service, Readonly<Record<string, Entry>>>> = {
  identity: {
    ...status,
    ...pausing('relay'),
    'get /.well-known/jwks.json': { who: 'public', answer: 200 },
    'post /v1/users': { who: 'public', body: credentials, answer: 201 },
    'get /v1/users': { who: 'operator', answer: 200 },
    'get /v1/users/me': { who: 'customer', answer: 200 },
    'get /v1/users/me/export': { who: 'customer', answer: 200 },
    'delete /v1/users/me': { who: 'customer', byNewcomer: true, answer: 204 },
    'put /v1/users/me/password': { who: 'customer', byNewcomer: true, body: newPassword, answer: 204 },
    'post /v1/sessions': { who: 'public', body: knownCredentials, answer: 200 },
    'delete /v1/sessions': { who: 'customer', byNewcomer: true, answer: 204 },
    'post /v1/sessions/refresh': { who: 'public', body: () => ({ cookie: true }), answer: 204 },
    'delete /v1/sessions/current': { who: 'public', byNewcomer: true, answer: 204, nobodysAnswer: 401 },
    'get /v1/users/{id}': { names: 'user', reaches: 'all', who: 'staff', answer: 200 },
    'put /v1/users/{id}/roles/{role}': { ...operatorsUser, fresh: somebodyNew },
    'delete /v1/users/{id}/roles/{role}': { ...operatorsUser, fresh: somebodyNew },
    'post /v1/users/{id}/block': { ...operatorsUser, fresh: somebodyNew, ownAnswer: 403 },
    'post /v1/users/{id}/unblock': { ...operatorsUser, fresh: somebodyNew },
    'post /api/user/register': { who: 'public', body: credentials, answer: 200 },
    'post /api/user/login': { who: 'public', body: knownCredentials, answer: 200 },
  },
  orders: {
    ...operations,
    ...pausing('relay'),
    'post /order/create/{user_id}': {
      ...shoppersUser,
      body: () => ({ amount: 0.01 }),
      answer: 200,
      strangersAnswer: 200,
    },
    'get /order/get': { who: 'customer', machine: 'orders', answer: 200 },
    'get /order/get/{id}': { ...order, answer: 200 },
    'get /v1/catalogue': { who: 'public', answer: 200 },
    'post /v1/orders': { who: 'customer', body: () => ({ amount: 1 }), answer: 201 },
    'get /v1/orders': { who: 'customer', answer: 200 },
    'get /v1/orders/{id}': { ...order, answer: 200 },
    'get /v1/orders/{id}/history': { ...order, answer: 200 },
    'post /v1/orders/{id}/cancel': { names: 'order', reaches: 'own', who: 'customer', fresh: paidOrder, answer: 204 },
    'get /v1/staff/orders': { who: 'staff', machine: 'orders', answer: 200 },
    'post /v1/staff/orders/{id}/cancel': {
      ...staffsOrder,
      body: () => ({ cancellationReason: 'OUT_OF_STOCK' }),
      answer: 204,
    },
    'patch /v1/staff/orders/{id}/status': { ...staffsOrder, body: () => ({ status: 'ASSEMBLING' }), answer: 204 },
  },
  payments: {
    ...operations,
    ...pausing('relay'),
    'post /payment/account/create/{user_id}': {
      ...shoppersUser,
      body: () => ({ full_name: 'Anna', balance: 0 }),
      fresh: somebodyNew,
      answer: 200,
      ownAnswer: 409,
      strangersAnswer: 200,
    },
    'get /payment/account/get': { who: 'staff', machine: 'orders', answer: 200 },
    'get /payment/account/get/{user_id}': { ...shoppersUser, machine: 'orders', answer: 200 },
    'patch /payment/account/update/{user_id}': { ...shoppersUser, body: () => ({ amount: 0.01 }), answer: 200 },
    'post /v1/accounts': { who: 'customer', byNewcomer: true, answer: 201 },
    'get /v1/accounts': {
      names: 'user',
      reaches: 'all',
      who: 'staff',
      machine: 'orders',
      query: '?userId={id}',
      answer: 200,
    },
    'get /v1/accounts/mine': { who: 'customer', answer: 200 },
    'get /v1/accounts/{id}': { ...account, answer: 200 },
    'get /v1/accounts/{id}/transactions': { ...account, answer: 200 },
    'patch /v1/accounts/{id}': {
      names: 'account',
      reaches: 'own',
      who: 'customer',
      body: () => ({ amount: 1 }),
      answer: 204,
    },
  },
  points: {
    ...operations,
    ...pausing('relay'),
    'get /': { who: 'public', answer: 200 },
    'get /ping': { who: 'public', answer: 200 },
    'get /v1/point': { ...machines, query: `?id=${MACHINES_CUSTOMER}`, answer: 200 },
    'post /v1/point/add': { ...machines, body: change, answer: 202 },
    'post /v1/point/subtract': { ...machines, body: change, answer: 202 },
    'post /v1/point/{user_id}/add': { ...somebodysPoints, body: () => ({ point: 0.01 }) },
    'post /v1/point/{user_id}/deduct': { ...somebodysPoints, body: () => ({ point: 0.01 }) },
    'get /v1/point/{user_id}/latest': somebodysPoints,
    'get /v1/point/requests/{request_id}': {
      ...machines,
      names: 'request',
      reaches: 'all',
      answer: 200,
      malformedAnswer: 404,
    },
    'get /v1/accounts/mine': { who: 'customer', answer: 200 },
    'get /v1/accounts/mine/entries': { who: 'customer', answer: 200 },
    'get /v1/accounts/mine/balance': { who: 'customer', answer: 200 },
    'get /v1/accounts/mine/requests': { who: 'customer', answer: 200 },
    'get /v1/accounts/{id}': somebodysPoints,
    'get /v1/accounts/{id}/entries': somebodysPoints,
    'post /v1/accounts/{id}/adjustments': {
      ...somebodysPoints,
      body: () => ({ amount: 1, reason: 'sorry' }),
      answer: 201,
      strangersAnswer: 201,
    },
    'post /api/user/orders': { who: 'customer', body: () => ({ orderId: newNumber() }), answer: 202 },
    'get /api/user/orders': { who: 'customer', answer: 200 },
    'get /api/user/balance': { who: 'customer', answer: 200 },
    'post /api/user/balance/withdraw': {
      who: 'customer',
      body: () => ({ order: newNumber(), sum: 0.01 }),
      answer: 200,
    },
    'get /api/user/withdrawals': { who: 'customer', answer: 200 },
  },
  accrual: {
    ...operations,
    ...pausing('relay'),
    'post /api/goods': {
      who: 'staff',
      machine: 'accrual',
      body: () => ({ match: randomUUID(), reward: 5, reward_type: '%' }),
      answer: 200,
    },
    'post /api/orders': {
      who: 'staff',
      machine: 'accrual',
      body: () => ({ order: newNumber(), goods: [] }),
      answer: 202,
    },
    // None of them is issued, so that nobody is told of them.
    'get /api/orders/{number}': {
      names: 'number',
      reaches: 'all',
      who: 'staff',
      machine: 'accrual',
      answer: 204,
      strangersAnswer: 204,
      malformedAnswer: 204,
    },
  },
  notifications: {
    ...operations,
    'get /v1/notifications': { who: 'customer', answer: 200 },
    'get /v1/notifications/unread-count': { who: 'customer', answer: 200 },
    'post /v1/notifications/read-all': { who: 'customer', answer: 204 },
    'post /v1/notifications/{id}/read': { names: 'notification', reaches: 'own', who: 'customer', answer: 204 },
  },
  journal: {
    ...operations,
    'get /v1/journeys/{orderId}': { names: 'order', reaches: 'all', who: 'operator', answer: 200 },
    'get /v1/events': { who: 'operator', answer: 200 },
    'get /v1/events/{id}': { names: 'event', reaches: 'all', who: 'operator', answer: 200 },
    'get /v1/stuck': { who: 'operator', answer: 200 },
    'get /v1/invariants': { who: 'operator', answer: 200 },
  },
};

/** Where a route is to be found through the gateway: those of older systems at their own addresses. */
export const addressOf = (service: string, path: string): string =>
  /^\/(order|payment|api\/user)\//.test(path) ? path : `/api/${service}${path}`;

/** The address with this id for what its path names. */
export const fillIn = (address: string, id: string): string =>
  address.replace('{role}', 'staff').replace(/\{\w+\}/, id);

/** `orders post /v1/orders/{id}/cancel`, as the documents spell it. */
export const table: ReadonlyMap<string, Entry> = new Map(
  Object.entries(routes).flatMap(([service, entries]) =>
    Object.entries(entries).map(([route, entry]) => [`${service} ${route}`, entry] as const),
  ),
);

/** Each of somebody else: many who sign in as one person at once are slowed down. */
async function knownCredentials() {
  const { login, password } = await registered();
  return { login, password };
}

function newPassword({ self }: Identity) {
  return { currentPassword: self.password, newPassword: 'another-password' };
}
