import type { Pool } from 'pg';
import type { Health, Timers } from '@g-store/runtime';

export interface Watched {
  readonly pool: Pool;
  readonly health: Health;
  readonly timers: Timers;
  /** Parts that know by themselves whether they are well, asked at each look. */
  readonly ready: Readonly<Record<string, () => boolean>>;
}

const EVERY_MS = 1_000;
const WHILE_UNREADY_MS = 100;

/** Looks at what the service depends on, and tells `/readyz`: often while something is away, seldom while all is well. */
export function watchDependencies({ pool, health, timers, ready }: Watched): Disposable {
  let stopped = false;
  let next: Disposable | undefined;

  const look = async (): Promise<void> => {
    const database = await pool.query('SELECT 1').then(
      () => ({ ok: true }),
      () => ({ ok: false, detail: 'does not answer' }),
    );
    if (stopped) return;
    health.report('database', database);
    for (const [part, isReady] of Object.entries(ready))
      health.report(part, isReady() ? { ok: true } : { ok: false, detail: 'not ready yet' });
    next = timers.after(health.readiness().ready ? EVERY_MS : WHILE_UNREADY_MS, () => void look());
  };

  health.report('database', { ok: false, detail: 'not asked yet' });
  void look();
  return {
    [Symbol.dispose]() {
      stopped = true;
      next?.[Symbol.dispose]();
    },
  };
}
