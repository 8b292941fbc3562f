import type { ShopClient } from '@g-store/client';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { Loading } from '../design/loading.js';
import { safeReturn } from '../session/return-to.js';
import { readEventsSearch, readParkedSearch } from '../operations/addresses.js';
import { isOperator, isStaff, useUser } from '../session/shop.js';
import { readQueueSearch } from '../staff/filter.js';
import { Broken, Forbidden, NotFound } from './fallbacks.js';
import { Frame } from './frame.js';

// The addresses of the page. A screen is loaded when somebody goes there; its search parameters are typed here.

const root = createRootRouteWithContext<{ readonly shop: ShopClient }>()({
  component: Frame,
  notFoundComponent: NotFound,
});

type Search = Readonly<Record<string, unknown>>;

/** The router keeps what a reader of the address leaves out, as it stands there: here that is gone. */
const only =
  <T extends object>(read: (raw: Search) => T) =>
  (raw: Search): T => ({ ...Object.fromEntries(Object.keys(raw).map((name) => [name, undefined])), ...read(raw) });

const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const shop = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: only(
    ({ plain, again }) =>
      ({
        ...(plain === true && { plain }),
        ...(textIn(again) !== undefined && { again: textIn(again) }),
      }) as { readonly plain?: true; readonly again?: string },
  ),
  component: lazyRouteComponent(() => import('../orders/shop-page.js'), 'ShopPage'),
});

const returning = only(({ returnTo }): { readonly returnTo?: string } => {
  const safe = safeReturn(returnTo);
  return safe === undefined ? {} : { returnTo: safe };
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: returning,
  component: lazyRouteComponent(() => import('../session/sign-in-page.js'), 'SignInPage'),
});

const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  validateSearch: returning,
  component: lazyRouteComponent(() => import('../session/register-page.js'), 'RegisterPage'),
});

/** Below it somebody is signed in; who is not, signs in and comes back to where they were going. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const { status } = await context.shop.session.restore();
    if (status !== 'signed-in') throw redirect({ to: '/sign-in', search: { returnTo: location.href }, replace: true });
  },
  component: Outlet,
});

const orders = createRoute({
  getParentRoute: () => signedIn,
  path: '/orders',
  component: lazyRouteComponent(() => import('../orders/my-orders-page.js'), 'MyOrdersPage'),
});

const order = createRoute({
  getParentRoute: () => signedIn,
  path: '/orders/$orderId',
  component: lazyRouteComponent(() => import('../orders/order-page.js'), 'OrderPage'),
});

const wallet = createRoute({
  getParentRoute: () => signedIn,
  path: '/wallet',
  component: lazyRouteComponent(() => import('../wallet/wallet-page.js'), 'WalletPage'),
});

const points = createRoute({
  getParentRoute: () => signedIn,
  path: '/points',
  component: lazyRouteComponent(() => import('../points/points-page.js'), 'PointsPage'),
});

const notifications = createRoute({
  getParentRoute: () => signedIn,
  path: '/notifications',
  component: lazyRouteComponent(() => import('../notifications/notifications-page.js'), 'NotificationsPage'),
});

/** The staff's part: others read that it is not theirs. */
const staff = createRoute({
  getParentRoute: () => signedIn,
  id: 'staff',
  component: function StaffOnly() {
    const user = useUser();
    return user !== undefined && isStaff(user) ? <Outlet /> : <Forbidden />;
  },
});

const queue = createRoute({
  getParentRoute: () => staff,
  path: '/staff/orders',
  validateSearch: only(readQueueSearch),
  component: lazyRouteComponent(() => import('../staff/queue-page.js'), 'QueuePage'),
});

const staffOrder = createRoute({
  getParentRoute: () => staff,
  path: '/staff/orders/$orderId',
  component: lazyRouteComponent(() => import('../staff/order-page.js'), 'StaffOrderPage'),
});

/** The operators' part: the staff read that it is not theirs, too. */
const operations = createRoute({
  getParentRoute: () => signedIn,
  id: 'operations',
  component: function OperatorsOnly() {
    const user = useUser();
    return user !== undefined && isOperator(user) ? <Outlet /> : <Forbidden to="operators" />;
  },
});

const health = createRoute({
  getParentRoute: () => operations,
  path: '/operations',
  component: lazyRouteComponent(() => import('../operations/health-page.js'), 'HealthPage'),
});

const journeys = createRoute({
  getParentRoute: () => operations,
  path: '/operations/journeys',
  component: lazyRouteComponent(() => import('../operations/journeys-page.js'), 'JourneysPage'),
});

const journey = createRoute({
  getParentRoute: () => operations,
  path: '/operations/journeys/$orderId',
  component: lazyRouteComponent(() => import('../operations/journey-page.js'), 'JourneyPage'),
});

const events = createRoute({
  getParentRoute: () => operations,
  path: '/operations/events',
  validateSearch: only(readEventsSearch),
  component: lazyRouteComponent(() => import('../operations/events-page.js'), 'EventsPage'),
});

const parked = createRoute({
  getParentRoute: () => operations,
  path: '/operations/parked',
  validateSearch: only(readParkedSearch),
  component: lazyRouteComponent(() => import('../operations/parked-page.js'), 'ParkedPage'),
});

const parkedMessage = createRoute({
  getParentRoute: () => operations,
  path: '/operations/parked/$service/$id',
  component: lazyRouteComponent(() => import('../operations/parked-message-page.js'), 'ParkedMessagePage'),
});

const invariants = createRoute({
  getParentRoute: () => operations,
  path: '/operations/invariants',
  component: lazyRouteComponent(() => import('../operations/invariants-page.js'), 'InvariantsPage'),
});

const routeTree = root.addChildren([
  shop,
  signIn,
  register,
  signedIn.addChildren([
    orders,
    order,
    wallet,
    points,
    notifications,
    staff.addChildren([queue, staffOrder]),
    operations.addChildren([health, journeys, journey, events, parked, parkedMessage, invariants]),
  ]),
]);

export const createPageRouter = (shopClient: ShopClient) =>
  createRouter({
    routeTree,
    context: { shop: shopClient },
    defaultPreload: 'intent',
    defaultErrorComponent: Broken,
    defaultPendingComponent: Loading,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}
