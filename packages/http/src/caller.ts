/** Who may call a route: nobody in particular, anyone signed in, staff, operators. An operator may do what staff may. */
export type Authority = 'public' | 'customer' | 'staff' | 'operator';

/** What a staff API key may be good for. */
export type Scope = 'orders' | 'points' | 'accrual';

export const scopes: readonly Scope[] = ['orders', 'points', 'accrual'];

export interface UserCaller {
  readonly kind: 'user';
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
}

export interface MachineCaller {
  readonly kind: 'machine';
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export type Caller = UserCaller | MachineCaller;

/** The caller's name in histories and audits: the user's id, or `key:<name>`. */
export const actorOf = (caller: Caller): string => (caller.kind === 'user' ? caller.userId : `key:${caller.name}`);

/** Staff, an operator, or a machine: a machine reaches a route only with the scope that the route asks for. */
export const isStaff = (caller: Caller): boolean =>
  caller.kind === 'machine' || caller.roles.includes('staff') || caller.roles.includes('operator');

export const isOperator = (caller: Caller): boolean => caller.kind === 'user' && caller.roles.includes('operator');
