import { keyedOperations } from './generated/keyed-operations.js';
import type { paths as AccrualPaths } from './generated/accrual.js';
import type { paths as IdentityPaths } from './generated/identity.js';
import type { paths as JournalPaths } from './generated/journal.js';
import type { paths as NotificationsPaths } from './generated/notifications.js';
import type { paths as OperationsPaths } from './generated/operations.js';
import type { paths as OrdersPaths } from './generated/orders.js';
import type { paths as PaymentsPaths } from './generated/payments.js';
import type { paths as PointsPaths } from './generated/points.js';
import { createFollow, type Follow } from './follow/follow.js';
import type { ServiceClient } from './http/calls.js';
import { createSend, type Authorization, type Send } from './http/send.js';
import { createServiceClient } from './http/service-client.js';
import { createLive } from './live/create-live.js';
import type { Live } from './live/live.js';
import type { Ports } from './ports.js';
import { createSession } from './session/create-session.js';
import type { Session } from './session/session.js';
import { systemPorts } from './system.js';

/** The services of a shop. */
export interface Services {
  readonly orders: ServiceClient<OrdersPaths>;
  readonly payments: ServiceClient<PaymentsPaths>;
  readonly points: ServiceClient<PointsPaths>;
  readonly identity: ServiceClient<IdentityPaths>;
  readonly notifications: ServiceClient<NotificationsPaths>;
  readonly accrual: ServiceClient<AccrualPaths>;
  readonly journal: ServiceClient<JournalPaths>;
  /** What operators ask of every service alike: `shop.operations.orders.get('/v1/operations/status')`. */
  readonly operations: Readonly<Record<ServiceName, ServiceClient<OperationsPaths>>>;
}

export const serviceNames = [
  'orders',
  'payments',
  'points',
  'accrual',
  'identity',
  'notifications',
  'journal',
] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A shop, for a person who signs in to it. */
export interface ShopClient extends Services {
  readonly session: Session;
  readonly live: Live;
  readonly follow: Follow;
  /** Closes the socket and forgets the tokens; does not sign out. */
  close(): void;
}

export interface ShopOptions {
  /** Where the gateway is: `http://localhost:8000`. In a page the page's own origin by default. */
  readonly baseUrl?: string;
  /**
   * Where the refresh token lives: `cookie` in one that no script can read, for pages; `memory` for programs, which sign in
   * anew when they start.
   */
  readonly session: 'cookie' | 'memory';
  /** In place of the real world: for tests. */
  readonly ports?: Partial<Ports>;
}

export function createShopClient({ baseUrl = pageOrigin(), session: kind, ports: given }: ShopOptions): ShopClient {
  const ports = { ...systemPorts(), ...given };
  const identity = `${withoutSlash(baseUrl)}/api/identity`;
  const session = createSession({ identity, kind, ports });
  const follow = createFollow({ baseUrl: withoutSlash(baseUrl), authorization: session.authorization, ports });
  const live = createLive({ url: socketUrl(baseUrl), tokens: session, ports });
  return {
    ...servicesAt(baseUrl, createSend({ ...ports, authorization: session.authorization })),
    session,
    live,
    follow,
    close() {
      live.close();
      session.close();
    },
  };
}

export interface MachineOptions {
  readonly baseUrl: string;
  /** An `X-Staff-API-Key`. */
  readonly staffKey: string;
  readonly ports?: Partial<Ports>;
}

/** A shop, for a machine with a staff API key: what its scopes allow, and nothing live. */
export function createMachineClient({ baseUrl, staffKey, ports: given }: MachineOptions): Services {
  const authorization: Authorization = {
    headers: () => Promise.resolve({ 'x-staff-api-key': staffKey }),
    renew: () => Promise.resolve(false),
  };
  return servicesAt(baseUrl, createSend({ ...systemPorts(), ...given, authorization }));
}

function servicesAt(baseUrl: string, send: Send): Services {
  const at = <Paths>(service: ServiceName, keyed: readonly string[]): ServiceClient<Paths> =>
    createServiceClient<Paths>({ baseUrl: `${withoutSlash(baseUrl)}/api/${service}`, keyed, send });
  const of = <Paths>(service: ServiceName): ServiceClient<Paths> => at(service, keyedOperations[service]);
  const operations = serviceNames.map((service) => [service, at(service, keyedOperations.operations)]);
  return {
    orders: of('orders'),
    payments: of('payments'),
    points: of('points'),
    identity: of('identity'),
    notifications: of('notifications'),
    accrual: of('accrual'),
    journal: of('journal'),
    operations: Object.fromEntries(operations) as Services['operations'],
  };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

const socketUrl = (baseUrl: string): string => `${withoutSlash(baseUrl).replace(/^http/, 'ws')}/ws/orders/`;

function pageOrigin(): string {
  const { location } = globalThis as { readonly location?: { readonly origin: string } };
  if (location === undefined) throw new TypeError('a program has to say where the shop is: baseUrl');
  return location.origin;
}
