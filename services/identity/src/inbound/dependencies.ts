import { createRouting, noContent, type DenyList, type Transact as RequestTransact } from '@g-store/http';
import type { AccessTokens } from '../application/credentials.js';
import type { SignInDependencies } from '../application/sign-in.js';
import type { Announcement, Transact, Work } from '../application/work.js';
import type { Decision, UserEvent } from '../domain/user.js';

export type Announced = readonly Announcement[];

export interface Dependencies extends Omit<SignInDependencies, 'transact'> {
  readonly accessTokens: AccessTokens;
  readonly jwks: () => { readonly keys: readonly object[] };
  readonly denyList: Pick<DenyList, 'sessionRevoked' | 'userBlocked' | 'userUnblocked' | 'rolesChanged'>;
  /** Origins that may use the refresh cookie. */
  readonly origins: readonly string[];
}

export const { route } = createRouting<Work, Announced>();

/**
 * A request's unit of work as use cases want it: with the result after the commit instead of a reply.
 * What was decided is denied here at once; the other services hear of it.
 */
export const settle =
  (transact: RequestTransact<Work, Announced>, denyList: Dependencies['denyList']): Transact =>
  async <T>(announced: Announced, run: (work: Work) => Promise<T>): Promise<T> => {
    let outcome: { readonly value: T } | { readonly refused: unknown } | undefined;
    let decisions: { readonly decision: Decision; readonly at: Date }[] = [];
    await transact(announced, async (work) => {
      decisions = []; // of an earlier attempt, which never was
      const watched: Work = {
        ...work,
        record: (decision) => {
          decisions.push({ decision, at: work.now });
          work.record(decision);
        },
      };
      try {
        outcome = { value: await run(watched) };
        return noContent();
      } catch (refused) {
        outcome = { refused };
        throw refused;
      }
    });
    if (outcome === undefined) throw new Error('the unit of work has not run');
    if ('refused' in outcome) throw outcome.refused;
    for (const { decision, at } of decisions) {
      for (const event of decision.events) deny(denyList, { userId: decision.user.id, event, at });
    }
    return outcome.value;
  };

interface Told {
  readonly userId: string;
  readonly event: UserEvent;
  readonly at: Date;
}

function deny(denyList: Dependencies['denyList'], { userId, event, at }: Told): void {
  switch (event.type) {
    case 'SessionRevoked':
      return denyList.sessionRevoked(event.sessionId, at);
    case 'UserBlocked':
      return denyList.userBlocked(userId, at);
    case 'UserUnblocked':
      return denyList.userUnblocked(userId, at);
    case 'RolesChanged':
      return denyList.rolesChanged(userId, event.roles, at);
  }
}
