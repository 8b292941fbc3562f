// The OpenAPI document of each service, from the very routes that it serves, without starting it.
import './typescript-sources.mjs';

const { openApiDocument } = await import('@g-store/http');

/** What each `service.ts` hands to `serve`; e2e/client-package.e2e.test.ts finds what is missing here. */
const makersByService = {
  orders: ['customerRoutes', 'staffRoutes', 'onlineShopRoutes'],
  payments: ['accountRoutes', 'onlineShopRoutes'],
  points: ['accountRoutes', 'requestRoutes', 'eventStoreRoutes', 'queueRoutes', 'gophermartRoutes'],
  identity: ['userRoutes', 'sessionRoutes', 'peopleRoutes', 'keyRoutes', 'gophermartRoutes'],
  notifications: ['centreRoutes'],
  accrual: ['accrualRoutes'],
  journal: ['journeyRoutes', 'eventRoutes'],
  // Of every service alike.
  operations: ['operationsRoutes'],
};

export const documentNames = Object.keys(makersByService);

export async function documentOf(service) {
  const routes = await Promise.all(makersByService[service].map((maker) => routesOf(service, maker)));
  return openApiDocument({ title: service, version: '0.1.0', routes: routes.flat() });
}

async function routesOf(service, maker) {
  const file = maker.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const room = service === 'operations' ? 'packages/service/src' : `services/${service}/src/inbound`;
  const inbound = await import(new URL(`../../../${room}/${file}.ts`, import.meta.url).href);
  return inbound[maker](dependencies, {});
}

/** Stands for whatever a route works with: routes are declared here, never called. */
const unused = new Proxy(() => unused, { get: () => unused, apply: () => unused });
const dependencies = new Proxy(
  { open: false, requestsPerMinute: 3_000 },
  { get: (known, name) => (name in known ? known[name] : unused) },
);
