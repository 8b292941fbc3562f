import { integer, readSettings, text, type Environment } from '@g-store/config';
import { checkFoundation, foundationSettings } from '@g-store/service';

const shape = {
  ...foundationSettings,
  /** How far back a client that comes again is told what it missed. */
  FEED_WINDOW_SECONDS: integer(600, { min: 10, max: 3_600 }),
  /** Raised when a topic is made anew on the same cluster: offsets of before mean something else. */
  FEED_EPOCH: text('1'),
  /** What is kept for those who come again, of one partition. */
  FEED_RING_MEGABYTES: integer(64, { min: 1, max: 1_024 }),
  WS_SOCKETS_PER_USER: integer(100, { min: 1, max: 100_000 }),
  WS_SUBSCRIPTIONS_PER_SOCKET: integer(1_000, { min: 1, max: 100_000 }),
  WS_MESSAGES_PER_SECOND: integer(20, { min: 1, max: 10_000 }),
  WS_PING_SECONDS: integer(25, { min: 1, max: 300 }),
  /** Over how long sockets are closed when the service stops. */
  WS_DEPLOY_SPREAD_MS: integer(1_500, { min: 0, max: 3_000 }),
};

export type NotificationsSettings = ReturnType<typeof readSettings<typeof shape>>;

/** @throws ConfigInvalid with every fault there is */
export function readNotificationsSettings(env: Environment = process.env): NotificationsSettings {
  const settings = readSettings(env, shape);
  checkFoundation(settings);
  return settings;
}
