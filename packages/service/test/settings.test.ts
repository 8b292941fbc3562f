import { ConfigInvalid, readSettings } from '@g-store/config';
import { checkFoundation, foundationSettings, kafkaSecurity } from '../src/settings.js';

const settingsOf = (more: Readonly<Record<string, string>>) =>
  readSettings(
    {
      GSTORE_MODE: 'demo',
      PORT: '1',
      DATABASE_URL: 'postgres://app:pw@localhost/orders',
      DATABASE_OWNER_URL: 'postgres://owner:pw@localhost/orders',
      KAFKA_BROKERS: 'localhost:9092',
      JWKS_URL: 'http://localhost:8083/jwks.json',
      ...more,
    },
    foundationSettings,
  );

describe('a Kafka that asks who is there', () => {
  const all = { KAFKA_CA: 'the certificate', KAFKA_USERNAME: 'shop-orders', KAFKA_PASSWORD: 'sesame' };

  it('is told by three settings together', () => {
    expect(kafkaSecurity(settingsOf(all))).toEqual({
      ca: 'the certificate',
      username: 'shop-orders',
      password: 'sesame',
    });
    expect(kafkaSecurity(settingsOf({}))).toBeUndefined();
  });

  it.each(Object.keys(all))('is never asked with half of them: without %s', (left) => {
    const { [left as keyof typeof all]: _, ...others } = all;
    expect(() => checkFoundation(settingsOf(others))).toThrow(ConfigInvalid);
    expect(() => checkFoundation(settingsOf(others))).toThrow(left);
  });
});
