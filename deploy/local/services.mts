import { join } from 'node:path';
import { integer, type Stack } from './settings.mts';
import { StackRefused } from './stack-refused.mts';

export interface Service {
  readonly name: string;
  readonly port: number;
  /** One sentence for the page that lists every API. */
  readonly about: string;
  /** Prefixes at the gateway; the first one is where its Swagger lies. */
  readonly prefixes: readonly string[];
  /** An API of its own that `/docs/` shows. */
  readonly shows?: string;
}

/** Every service that this stack runs, once. */
export const services: readonly Service[] = [
  {
    name: 'orders',
    port: 8080,
    about: 'Orders: place, follow, cancel; the catalogue',
    prefixes: ['/api/orders', '/order'],
  },
  {
    name: 'payments',
    port: 8081,
    about: 'Accounts, balances and their ledger',
    prefixes: ['/api/payments', '/payment'],
  },
  {
    name: 'points',
    port: 8082,
    about: 'Loyalty points: accounts and statements, uploaded orders, the dialects of older systems',
    prefixes: ['/api/points', '/api/user'],
    shows: 'Gophermart',
  },
  { name: 'identity', port: 8083, about: 'People, sign-in, roles', prefixes: ['/api/identity'] },
  {
    name: 'notifications',
    port: 8084,
    about: 'Live news on a websocket and the notification centre',
    prefixes: ['/api/notifications', '/ws/orders'],
  },
  {
    name: 'accrual',
    port: 8085,
    about: 'What goods are rewarded with, and what orders earn',
    prefixes: ['/api/accrual'],
  },
  {
    name: 'journal',
    port: 8086,
    about: 'Every event: where orders are, what is stuck, what must hold',
    prefixes: ['/api/journal'],
  },
];

export function serviceNamed(name: string): Service {
  const found = services.find((service) => service.name === name);
  if (found === undefined) throw new StackRefused(`there is no service ${name}`);
  return found;
}

export interface Instance {
  readonly service: Service;
  /** `orders`, then `orders-2`, `orders-3`. */
  readonly name: string;
  readonly port: number;
}

/** Instances of a service: `NOTIFICATIONS_INSTANCES=3` are on 8084, 8184 and 8284. */
export function instancesOf(service: Service, stack: Stack): readonly Instance[] {
  const variable = `${service.name.toUpperCase()}_INSTANCES`;
  const count = integer(stack.env, variable, 1);
  if (count < 1 || count > 9) throw new StackRefused(`${variable}=${count}: write 1 to 9`);
  return Array.from({ length: count }, (_, index) => ({
    service,
    name: index === 0 ? service.name : `${service.name}-${index + 1}`,
    port: service.port + 100 * index + stack.portOffset,
  }));
}

/** A service's compiled entry: `main.js` runs it, `migrate.js` brings its database up to date. */
export const entry = (stack: Stack, service: string, file: 'main.js' | 'migrate.js'): string =>
  join(stack.root, 'services', service, 'dist', file);
