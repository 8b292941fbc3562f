import { readNotificationsSettings } from './config.js';

const environment = {
  GSTORE_MODE: 'demo',
  PORT: '8084',
  DATABASE_URL: 'postgres://app:x@localhost/notifications',
  DATABASE_OWNER_URL: 'postgres://owner:x@localhost/notifications',
  KAFKA_BROKERS: 'localhost:9092',
  JWKS_URL: 'http://localhost:8083/.well-known/jwks.json',
};

describe('the settings of notifications', () => {
  it('are those of the contract unless said otherwise', () => {
    expect(readNotificationsSettings(environment)).toMatchObject({
      FEED_WINDOW_SECONDS: 600,
      FEED_RING_MEGABYTES: 64,
      WS_SOCKETS_PER_USER: 100,
      WS_SUBSCRIPTIONS_PER_SOCKET: 1_000,
      WS_MESSAGES_PER_SECOND: 20,
      WS_PING_SECONDS: 25,
    });
  });

  it('are refused together, with what is wrong with each', () => {
    const read = () =>
      readNotificationsSettings({ ...environment, WS_PING_SECONDS: 'often', FEED_WINDOW_SECONDS: '1' });
    expect(read).toThrow(/FEED_WINDOW_SECONDS[\s\S]*WS_PING_SECONDS|WS_PING_SECONDS[\s\S]*FEED_WINDOW_SECONDS/);
  });

  it('want a gateway in production', () => {
    expect(() => readNotificationsSettings({ ...environment, GSTORE_MODE: 'production' })).toThrow('TRUSTED_PROXIES');
  });

  it('names every setting that is wrong at once, and shows no key that was written by mistake', () => {
    const read = () =>
      readNotificationsSettings({ ...environment, LOG_LEVELS: 'loud', CURRENCY: 'rub', STAFF_API_KEYS: 'my-own-key' });
    expect(read).toThrow(/LOG_LEVELS is 'loud'/);
    expect(read).toThrow(/CURRENCY is 'rub'/);
    expect(read).toThrow(/STAFF_API_KEYS is not of this form/);
    expect(read).not.toThrow(/my-own-key/);
  });
});
