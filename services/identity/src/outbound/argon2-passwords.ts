import { hash, verify } from '@node-rs/argon2';
import type { Metrics } from '@g-store/runtime';
import type { Passwords } from '../application/credentials.js';
import { IdentityRefused } from '../domain/refusal.js';

export interface HashingOptions {
  /** Hashes computed at once: each takes a thread and 19 MiB. */
  readonly atOnce: number;
  /** Past this many waiting, the next is refused. */
  readonly waiting: number;
  readonly metrics: Pick<Metrics, 'counter'>;
}

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }; // argon2id is the library's default

/** argon2id with 19 MiB and two passes. */
export async function createPasswords({ metrics, ...limits }: HashingOptions): Promise<Passwords> {
  const inTurn = createTurns(limits);
  const computed = metrics.counter('password_hashes_total', 'Password hashes computed');
  const nobodys = await hash('the hash that is verified when there is no user', cost);
  const isRight = async (known: string, password: string): Promise<boolean> => {
    const right = await verify(known, spelled(password));
    computed.inc();
    return right;
  };
  return {
    hash: (password) => inTurn(() => hash(spelled(password), cost)),
    verify: (known, password) => inTurn(async () => (await isRight(known ?? nobodys, password)) && known !== undefined),
  };
}

/** Keyboards disagree on how to write an accent; the password is the same. */
const spelled = (password: string): string => password.normalize('NFKC');

function createTurns({ atOnce, waiting }: Omit<HashingOptions, 'metrics'>): <T>(job: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let busy = 0;
  return async (job) => {
    if (busy < atOnce) busy += 1;
    else if (queue.length >= waiting) throw new IdentityRefused('unavailable', 'too many sign-ins at once', 1);
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await job();
    } finally {
      // A turn is handed on, not given back, so that nobody slips in between.
      const next = queue.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  };
}
