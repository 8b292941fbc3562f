export { checkSettings, ConfigInvalid, readSettings } from './read-settings.js';
export type { Environment, Fault, Outcome, Reader, Settings } from './read-settings.js';
export {
  databaseUrl,
  flag,
  integer,
  list,
  oneOf,
  optional,
  parsed,
  port,
  secret,
  text,
  url,
  withDefault,
} from './readers.js';
export type { Range } from './readers.js';
