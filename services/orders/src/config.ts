import { flag, integer, port, readSettings, type Environment } from '@g-store/config';
import { foundationSettings } from '@g-store/service';

/**
 * `CURRENCY` is what every order is placed in; `POINTS_ENABLED` says whether points may pay for one; an order that has
 * been PENDING for `STUCK_AFTER_SECONDS` counts as stuck.
 */
export const readOrdersSettings = (env: Environment = process.env) =>
  readSettings(env, {
    ...foundationSettings,
    PORT: port(8080),
    POINTS_ENABLED: flag(true),
    STUCK_AFTER_SECONDS: integer(30, { min: 1, max: 86_400 }),
  });

export type OrdersSettings = ReturnType<typeof readOrdersSettings>;
