import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { AttemptKeys, RefreshTokens } from '../application/credentials.js';

/** One configured secret, and a key of its own for each thing that is done with it. */
const keyFor = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `g-store identity: ${purpose}`, 32));

/** Tokens of 256 bits. A successor follows from its token and our secret, so it need not be kept to be given again. */
export function createRefreshTokens(secret: string): RefreshTokens {
  const key = keyFor(secret, 'successor of a refresh token');
  return {
    fresh: () => randomBytes(32).toString('base64url'),
    successorOf: (token) => createHmac('sha256', key).update(token).digest('base64url'),
    hashOf: (token) => createHash('sha256').update(token).digest('base64url'),
  };
}

export function createAttemptKeys(secret: string): AttemptKeys {
  const key = keyFor(secret, 'sign-in attempts');
  const digest = (...parts: readonly string[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
  return { of: (who, address) => ({ here: digest(who, placeOf(address)), everywhere: digest(who) }) };
}

/** One household or server has a whole /64 of IPv6 to come from: that counts as one place. */
function placeOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - behind.length) }, () => '0');
  return [...before, ...zeros, ...behind].slice(0, 4).join(':');
}

export interface Safe {
  /** `name` is bound to what is sealed: it opens under no other. */
  seal(text: string, name: string): string;
  /** @throws Error when the secret is another one, or the text was changed */
  open(sealed: string, name: string): string;
}

/** AES-256-GCM; a sealed text is nonce, tag and ciphertext in base64url. */
export function createSafe(secret: string): Safe {
  const key = keyFor(secret, 'sealing of signing keys');
  return {
    seal: (text, name) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open: (sealed, name) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}
