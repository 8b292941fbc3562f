import { currentKey, nextKeyDue, publishedKeys, type Rotation, type SigningKey } from './signing-keys.js';

const day = 86_400_000;
const start = new Date('2026-03-01T00:00:00Z').getTime();
const at = (days: number) => new Date(start + days * day);
const rotation: Rotation = { everyMs: 30 * day, noticeMs: day / 24, lingerMs: day / 24 };
const key = (ordinal: number, days: number): SigningKey => ({
  ordinal,
  kid: `k${ordinal}`,
  publicJwk: {},
  sealedPrivate: '',
  activeFrom: at(days),
});
const kids = (keys: readonly SigningKey[]) => keys.map(({ kid }) => kid);

describe('signing keys', () => {
  it('begin with one at once', () => expect(nextKeyDue([], rotation, at(0))).toEqual(at(0)));
  it('always have the next one waiting', () => {
    expect(nextKeyDue([key(1, 0)], rotation, at(1))).toEqual(at(30));
    expect(nextKeyDue([key(1, 0), key(2, 30)], rotation, at(29))).toBeUndefined();
    expect(nextKeyDue([key(1, 0), key(2, 30)], rotation, at(30))).toEqual(at(60));
  });
  it('are announced before they sign, even after a long sleep', () => {
    expect(nextKeyDue([key(1, 0)], rotation, at(90))).toEqual(new Date(at(90).getTime() + rotation.noticeMs));
  });
  it('take turns by age', () => {
    const keys = [key(2, 30), key(1, 0)];
    expect([currentKey(keys, at(29))?.kid, currentKey(keys, at(30))?.kid, currentKey([], at(0))]).toEqual([
      'k1',
      'k2',
      undefined,
    ]);
  });
  it('are shown from before their first signature until after their last token', () => {
    const keys = [key(1, 0), key(2, 30), key(3, 60)];
    expect(kids(publishedKeys(keys, rotation, at(1)))).toEqual(['k1', 'k2', 'k3']);
    expect(kids(publishedKeys(keys, rotation, at(30)))).toEqual(['k1', 'k2', 'k3']);
    expect(kids(publishedKeys(keys, rotation, at(31)))).toEqual(['k2', 'k3']);
  });
});
