import { flag, port, readSettings, type Environment } from '@g-store/config';
import { foundationSettings } from '@g-store/service';

/** `CURRENCY` is what every order is placed in; `POINTS_ENABLED` says whether points may pay for one. */
export const readOrdersSettings = (env: Environment = process.env) =>
  readSettings(env, { ...foundationSettings, PORT: port(8080), POINTS_ENABLED: flag(true) });

export type OrdersSettings = ReturnType<typeof readOrdersSettings>;
