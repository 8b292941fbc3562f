import { port, readSettings, type Environment } from '@g-store/config';
import { foundationSettings } from '@g-store/service';

/** Orders has no settings of its own; `CURRENCY` is what every order is placed in. */
export const readOrdersSettings = (env: Environment = process.env) =>
  readSettings(env, { ...foundationSettings, PORT: port(8080) });

export type OrdersSettings = ReturnType<typeof readOrdersSettings>;
