import { createMetrics } from '@g-store/runtime';
import { IdentityRefused } from '../domain/refusal.js';
import { createPasswords } from './argon2-passwords.js';

const generous = () => ({ atOnce: 2, waiting: 100, metrics: createMetrics({ service: 'identity' }) });

describe('passwords', () => {
  it('are kept as argon2id with at least 19 MiB and two passes', async () => {
    const passwords = await createPasswords(generous());
    expect(await passwords.hash('alice-password')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('are recognised, and nothing else is', async () => {
    const passwords = await createPasswords(generous());
    const hash = await passwords.hash('alice-password');
    expect(await passwords.verify(hash, 'alice-password')).toBe(true);
    expect(await passwords.verify(hash, 'Alice-password')).toBe(false);
    expect(await passwords.verify(undefined, 'alice-password')).toBe(false);
  });

  it('are the same from a keyboard that writes accents another way', async () => {
    const passwords = await createPasswords(generous());
    expect(await passwords.verify(await passwords.hash('crème brûlée'), 'crème brûlée'.normalize('NFD'))).toBe(true);
  });

  it('are not checked without bound: past the queue the next is told to come again', async () => {
    const passwords = await createPasswords({ ...generous(), atOnce: 1, waiting: 2 });
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => passwords.verify(undefined, 'a guess')));
    expect(answers.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    const [refused] = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    expect(refused).toBeInstanceOf(IdentityRefused);
    expect(refused).toMatchObject({ code: 'unavailable', retryAfter: 1 });
    expect(await passwords.verify(undefined, 'a guess')).toBe(false);
  });
});
