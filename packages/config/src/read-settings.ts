import { readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What one variable may hold, and what it becomes. */
export interface Reader<T> {
  /** Gets undefined for a variable that is not set or empty; blanks around the text are gone. */
  read(text: string | undefined): Outcome<T>;
  /** What to write, as one would tell a stranger: `a port from 1 to 65535`. */
  readonly expects: string;
  /** May also come from the file that `<NAME>_FILE` names, and its text is never shown. */
  readonly secret?: boolean;
}

export type Outcome<T> = { readonly value: T } | { readonly problem: string };

export type Settings<Shape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends Reader<infer T> ? T : never;
};

export interface Fault {
  readonly variable: string;
  readonly problem: string;
  /** What to write instead. */
  readonly expects: string;
}

/** Settings that the process cannot start with; the message names every variable, what is wrong and what to write. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';

  constructor(readonly faults: readonly Fault[]) {
    const lines = faults.map(({ variable, problem, expects }) => `  ${variable} ${problem}; write ${expects}`);
    super(['These settings (environment variables) are missing or wrong:', ...lines].join('\n'));
  }
}

/**
 * Reads each variable of the shape from the environment; others are not looked at.
 * @throws ConfigInvalid with all faults together
 */
export function readSettings<const Shape extends Readonly<Record<string, Reader<unknown>>>>(
  env: Environment,
  shape: Shape,
): Settings<Shape> {
  const settings: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [variable, reader] of Object.entries(shape)) {
    const outcome = readOne(env, variable, reader);
    if ('value' in outcome) settings[variable] = outcome.value;
    else faults.push({ variable, problem: outcome.problem, expects: reader.expects });
  }
  if (faults.length > 0) throw new ConfigInvalid(faults);
  return settings as Settings<Shape>;
}

/** The second step: rules that look at several settings. Takes what is wrong, in order; undefined is a rule that holds. */
export function checkSettings(faults: readonly (Fault | undefined)[]): void {
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length > 0) throw new ConfigInvalid(found);
}

function readOne(env: Environment, variable: string, reader: Reader<unknown>): Outcome<unknown> {
  const text = env[variable]?.trim() || undefined;
  const file = reader.secret ? env[`${variable}_FILE`]?.trim() || undefined : undefined;
  if (file === undefined) return reader.read(text);
  if (text !== undefined) return { problem: `is set, and so is ${variable}_FILE: only one may be` };
  try {
    return reader.read(readFileSync(file, 'utf8').trim() || undefined);
  } catch (error) {
    return { problem: `cannot be read from ${variable}_FILE=${file} (${errorCode(error)})` };
  }
}

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
