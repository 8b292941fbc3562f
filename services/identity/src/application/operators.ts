import { IdentityRefused } from '../domain/refusal.js';
import { block, grantRole, takeRole, unblock, type Decision, type Role, type User } from '../domain/user.js';
import type { Act, Work } from './work.js';

interface Deed {
  /** The operator. */
  readonly by: string;
  readonly userId: string;
}

export const giveRole = (work: Work, { by, userId, role }: Deed & { role: Role }): Promise<void> =>
  act(work, { actor: by, action: 'grant_role', userId, detail: role }, (user) => grantRole(user, role));

export const withdrawRole = (work: Work, { by, userId, role }: Deed & { role: Role }): Promise<void> =>
  act(work, { actor: by, action: 'take_role', userId, detail: role }, (user) => takeRole(user, role, by));

export const blockUser = (work: Work, { by, userId }: Deed): Promise<void> =>
  act(work, { actor: by, action: 'block', userId }, (user) => block(user, by));

export const unblockUser = (work: Work, { by, userId }: Deed): Promise<void> =>
  act(work, { actor: by, action: 'unblock', userId }, unblock);

/** Nothing is done to a user without its line in the audit. */
async function act(work: Work, deed: Act, decide: (user: User) => Decision): Promise<void> {
  const user = await work.user(deed.userId);
  if (user === undefined) throw new IdentityRefused('not_found', 'no such user');
  work.record(decide(user));
  work.witness(deed);
}
