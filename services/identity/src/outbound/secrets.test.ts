import { createAttemptKeys, createRefreshTokens, createSafe } from './secrets.js';

const secret = 'one secret of at least thirty-two characters';
const another = 'another secret of at least thirty-two characters';

describe('refresh tokens', () => {
  const tokens = createRefreshTokens(secret);

  it('are never the same, and are too long to be guessed', () => {
    const made = Array.from({ length: 100 }, () => tokens.fresh());
    expect(new Set(made).size).toBe(100);
    expect(made.every((token) => Buffer.from(token, 'base64url').length === 32)).toBe(true);
  });

  it('have one successor each, the same on every instance, which nobody else can work out', () => {
    const token = tokens.fresh();
    expect(tokens.successorOf(token)).toBe(createRefreshTokens(secret).successorOf(token));
    expect(tokens.successorOf(token)).not.toBe(createRefreshTokens(another).successorOf(token));
    expect(tokens.successorOf(token)).not.toBe(tokens.hashOf(token));
  });
});

describe('attempts', () => {
  const places = (address: string) => createAttemptKeys(secret).of('alice', address).here;

  it('are counted under names that show neither login nor address', () => {
    const { here, everywhere } = createAttemptKeys(secret).of('alice', '192.0.2.1');
    expect(`${here}${everywhere}`).not.toMatch(/alice|192/);
    expect(here).not.toBe(everywhere);
  });

  it('from one /64 of IPv6 count as one place', () => {
    expect(places('2001:db8:1:2::1')).toBe(places('2001:DB8:1:2:ffff:ffff:ffff:ffff'));
    expect(places('2001:db8:1:2::1')).not.toBe(places('2001:db8:1:3::1'));
    expect(places('::1')).toBe(places('0:0:0:0:0:0:0:2'));
  });

  it('from an IPv4 address are the same however it is written', () => {
    expect(places('::ffff:192.0.2.1')).toBe(places('192.0.2.1'));
    expect(places('192.0.2.1')).not.toBe(places('192.0.2.2'));
  });
});

describe('a sealed key', () => {
  const safe = createSafe(secret);
  const sealed = safe.seal('the private key', 'k1');

  it('opens under its own name', () => expect(safe.open(sealed, 'k1')).toBe('the private key'));
  it('is sealed differently each time', () => expect(safe.seal('the private key', 'k1')).not.toBe(sealed));

  it('opens neither under another name, nor with another secret, nor after a change', () => {
    const bytes = Buffer.from(sealed, 'base64url');
    bytes.writeUInt8(bytes.readUInt8(30) ^ 1, 30);
    expect(() => safe.open(sealed, 'k2')).toThrow();
    expect(() => createSafe(another).open(sealed, 'k1')).toThrow();
    expect(() => safe.open(bytes.toString('base64url'), 'k1')).toThrow();
  });
});
