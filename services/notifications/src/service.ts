import { topics } from '@g-store/contracts';
import { serve, startFoundation, type Adapters, type Served } from '@g-store/service';
import type { NotificationsSettings } from './config.js';
import { centreRoutes } from './inbound/centre-routes.js';
import { liveTopics, readNews } from './inbound/live-events.js';
import { createLiveSockets } from './inbound/live-sockets.js';
import { orderEvents } from './inbound/order-events.js';
import { paymentEvents } from './inbound/payment-events.js';
import { pointsEvents } from './inbound/points-events.js';
import type { HubLimits } from './live/hub.js';
import { startLiveReading } from './outbound/live-reading.js';
import { createNotificationCentre } from './outbound/notification-centre.js';
import { announcements, notificationWorkIn } from './outbound/notification-work.js';
import { createOrderStatesReader } from './outbound/order-states-reader.js';
import { notificationTables } from './outbound/tables.js';

const name = 'notifications';

/** Notifications, whole: projection, live feed, sockets and notification centre; disposing it ends them in order. */
export async function startNotifications(
  settings: NotificationsSettings,
  adapters: Partial<Adapters> = {},
  limits: Partial<HubLimits> = {},
): Promise<Served> {
  const foundation = await startFoundation({
    name,
    settings,
    tables: notificationTables,
    workIn: notificationWorkIn,
    subscriptions: [...orderEvents(announcements), ...paymentEvents, ...pointsEvents],
    tells: [],
    adapters,
  });
  const { broker, pool, clock, timers, health, metrics, log, ids, randomness, denyList, authenticate } = foundation;
  const reading = startLiveReading({
    broker,
    topics: liveTopics,
    orderTopic: topics.orderEvents,
    epoch: settings.FEED_EPOCH,
    windowMs: settings.FEED_WINDOW_SECONDS * 1_000,
    ringBytes: settings.FEED_RING_MEGABYTES * 1024 * 1024,
    limits,
    read: readNews,
    statesOf: (cluster) => createOrderStatesReader({ pool, consumer: name, topic: topics.orderEvents.name, cluster }),
    clock,
    timers,
    health,
    metrics,
    log: log.module('feed'),
  });
  const sockets = createLiveSockets({
    hub: () => reading.live()?.hub,
    authenticate,
    denyList,
    origins: settings.ALLOWED_ORIGINS,
    limits: {
      socketsPerUser: settings.WS_SOCKETS_PER_USER,
      subscriptions: settings.WS_SUBSCRIPTIONS_PER_SOCKET,
      messagesPerSecond: settings.WS_MESSAGES_PER_SECOND,
      pingMs: settings.WS_PING_SECONDS * 1_000,
      spreadMs: settings.WS_DEPLOY_SPREAD_MS,
    },
    clock,
    timers,
    randomness,
    ids,
    log: log.module('sockets'),
    metrics,
  });
  const served = await serve(foundation, {
    title: 'Notifications',
    description:
      'The notification centre. Live news comes by websocket at `/ws` (`/ws/orders/` through the gateway): see the README.',
    routes: centreRoutes({ centre: createNotificationCentre(pool, clock) }),
    sockets: () => sockets.size,
    attach(server) {
      sockets.attach(server);
      return {
        async [Symbol.asyncDispose]() {
          await sockets[Symbol.asyncDispose]();
          await reading[Symbol.asyncDispose]();
        },
      };
    },
  });
  return {
    url: served.url,
    async [Symbol.asyncDispose]() {
      health.drain();
      // First of all: the server would wait for its open sockets.
      await sockets.sendAway();
      await served[Symbol.asyncDispose]();
    },
  };
}
