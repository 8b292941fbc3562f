import { integer, readSettings } from '@g-store/config';
import type { Environment } from '@g-store/config';
import { foundationSettings } from '@g-store/service';

export const readAccrualSettings = (env: Environment = process.env) =>
  readSettings(env, {
    ...foundationSettings,
    /** Questions for the reward of an order that one key or address may ask. */
    ACCRUAL_REQUESTS_PER_MINUTE: integer(3_000, { min: 1, max: 100_000_000 }),
  });

export type AccrualSettings = ReturnType<typeof readAccrualSettings>;
