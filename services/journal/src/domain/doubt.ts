/** What does not add up at the moment. What two topics tell comes in any order, so only a doubt that stays is a fault. */
export interface Doubted {
  readonly doubt: string | null;
  readonly doubtSince: Date | null;
}

/** The same doubt or another: it counts from when there was none. */
export const doubted = (before: Doubted | undefined, doubt: string | undefined, now: Date): Doubted =>
  doubt === undefined ? { doubt: null, doubtSince: null } : { doubt, doubtSince: before?.doubtSince ?? now };
