import { pino, type Logger } from 'pino';
import { currentContext } from './context.js';
import { redacted } from './redacted.js';

type Write = (fields: object, message: string) => void;

/** One JSON object a line; fields of the present context are added, and secrets are taken out, by themselves. */
export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  /** The same log under another `module`, whose level can be set apart. */
  module(name: string): Log;
}

export interface ServiceLog extends Log {
  /** `'info,relay=debug'`: the level of everything, then of single modules. @throws RangeError, and changes nothing, on an unknown level. */
  setLevels(levels: string): void;
}

export interface LogDestination {
  write(line: string): void;
}

export interface LogOptions {
  readonly service: string;
  /** As `setLevels` takes them; `'info'` when left out. */
  readonly levels?: string;
  /** Standard output when left out. */
  readonly destination?: LogDestination;
}

export function createLog({ service, levels = 'info', destination }: LogOptions): ServiceLog {
  const root = startPino(service, destination);
  const loggerByModule = new Map<string, Logger>();
  let levelOf = levelsFrom(levels);

  const loggerOf = (name: string): Logger => {
    const known = loggerByModule.get(name);
    if (known !== undefined) return known;
    const logger = root.child({ module: name }, { level: levelOf(name) });
    loggerByModule.set(name, logger);
    return logger;
  };
  const moduleLog = (name: string): Log => {
    const logger = loggerOf(name);
    return {
      debug: (fields, message) => logger.debug(fields, message),
      info: (fields, message) => logger.info(fields, message),
      warn: (fields, message) => logger.warn(fields, message),
      error: (fields, message) => logger.error(fields, message),
      module: moduleLog,
    };
  };
  return {
    ...moduleLog('main'),
    setLevels(text) {
      levelOf = levelsFrom(text);
      for (const [name, logger] of loggerByModule) logger.level = levelOf(name);
    },
  };
}

/** The last words of a process, in the same form as its log. */
export const logFatal = (service: string, error: unknown, message: string): void =>
  startPino(service).fatal({ module: 'main', error }, message);

function startPino(service: string, destination?: LogDestination): Logger {
  const options = {
    base: { service },
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }), log: redacted },
    serializers: { err: (error: unknown) => error }, // `redacted` has done it
    mixin: () => ({ ...currentContext() }), // a copy, for pino writes the fields of the line into it
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Whether `setLevels` takes this text. */
export function areLogLevels(text: string): boolean {
  try {
    levelsFrom(text);
    return true;
  } catch {
    return false;
  }
}

const known = ['debug', 'info', 'warn', 'error', 'silent'];

function levelsFrom(text: string): (module: string) => string {
  let common = 'info';
  const levelByModule = new Map<string, string>();
  for (const part of text.split(',').map((word) => word.trim())) {
    if (part === '') continue;
    const [module, level] = part.includes('=') ? part.split('=', 2).map((word) => word.trim()) : [undefined, part];
    if (level === undefined || !known.includes(level))
      throw new RangeError(`'${part}' is no log level; write one of ${known.join(', ')}, or module=level`);
    if (module === undefined) common = level;
    else levelByModule.set(module, level);
  }
  return (module) => levelByModule.get(module) ?? common;
}

const nothing = (): void => {};

/** Says nothing: for tests. */
export const silentLog: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  module: () => silentLog,
};
