import { readSettings } from '@g-store/config';
import type { Environment } from '@g-store/config';
import { foundationSettings } from '@g-store/service';

/** Payments has no settings of its own; `CURRENCY` is what accounts are opened in. */
export const readPaymentsSettings = (env: Environment = process.env) => readSettings(env, foundationSettings);

export type PaymentsSettings = ReturnType<typeof readPaymentsSettings>;
