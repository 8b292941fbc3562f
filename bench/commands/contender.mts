/** Somebody who makes an order durable together with word of it. */
export interface Contender extends AsyncDisposable {
  /** Settles when the order and its outbox row have committed. */
  place(userId: string): Promise<void>;
}

export interface Databases {
  /** Reads and writes rows. */
  readonly url: string;
  /** Owns the tables. */
  readonly ownerUrl: string;
}

/** Connections that a contender with a pool may hold: the best of 8, 16, 24, 32 and 64 on two cores. */
export const POOL = 24;
