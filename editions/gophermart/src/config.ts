import { parseArgs } from 'node:util';
import {
  ConfigInvalid,
  databaseUrl,
  parsed,
  readSettings,
  withDefault,
  type Environment,
  type Fault,
  type Reader,
  type Settings,
} from '@g-store/config';
import { accrualSystemAddress } from '@g-store/points-service/config';

export interface Address {
  /** Empty for every address of this machine. */
  readonly host: string;
  readonly port: number;
}

const runAddress = (otherwise: Address): Reader<Address> =>
  withDefault(parsed('host:port, as localhost:8080, or :8080 for every address of this machine', addressIn), otherwise);

/** `localhost` is 127.0.0.1, wherever else the machine may look for it. */
function addressIn(given: string): Address | undefined {
  const [, bracketed, plain = '', port] = /^(?:\[([\da-f:.]+)\]|([^\s:/[\]]*)):(\d{1,5})$/i.exec(given) ?? [];
  if (port === undefined || Number(port) > 65_535) return undefined;
  const host = bracketed ?? plain;
  return { host: host === 'localhost' ? '127.0.0.1' : host, port: Number(port) };
}

const gophermart = {
  RUN_ADDRESS: runAddress({ host: '127.0.0.1', port: 8080 }),
  DATABASE_URI: databaseUrl(),
  ACCRUAL_SYSTEM_ADDRESS: accrualSystemAddress,
};
const accrual = { RUN_ADDRESS: runAddress({ host: '127.0.0.1', port: 8085 }), DATABASE_URI: databaseUrl() };

export type GophermartSettings = Settings<typeof gophermart>;
export type AccrualSettings = Settings<typeof accrual>;

/** @throws ConfigInvalid with every fault there is, in variables and flags */
export const readGophermartSettings = (args: readonly string[], env: Environment = process.env): GophermartSettings =>
  read({ a: 'RUN_ADDRESS', d: 'DATABASE_URI', r: 'ACCRUAL_SYSTEM_ADDRESS' }, gophermart, { args, env });

/** @throws ConfigInvalid with every fault there is, in variables and flags */
export const readAccrualSettings = (args: readonly string[], env: Environment = process.env): AccrualSettings =>
  read({ a: 'RUN_ADDRESS', d: 'DATABASE_URI' }, accrual, { args, env });

interface Given {
  readonly args: readonly string[];
  readonly env: Environment;
}

/** Of a variable and its flag the variable wins. Nothing else is looked at. */
function read<const Shape extends Readonly<Record<string, Reader<unknown>>>>(
  variableByFlag: Readonly<Record<string, keyof Shape & string>>,
  shape: Shape,
  { args, env }: Given,
): Settings<Shape> {
  const { valueByFlag, faults } = flagsIn(args, Object.keys(variableByFlag));
  const given = Object.entries(variableByFlag).map(([flag, variable]) => [
    variable,
    env[variable]?.trim() || valueByFlag.get(flag),
  ]);
  try {
    const settings = readSettings(Object.fromEntries(given) as Environment, shape);
    if (faults.length === 0) return settings;
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    faults.push(...error.faults.map((fault) => ({ ...fault, variable: withFlag(fault.variable, variableByFlag) })));
  }
  throw new ConfigInvalid(faults);
}

const withFlag = (variable: string, variableByFlag: Readonly<Record<string, string>>): string => {
  const flag = Object.keys(variableByFlag).find((each) => variableByFlag[each] === variable);
  return flag === undefined ? variable : `${variable} (or the flag -${flag})`;
};

/** `-a value`, `-a=value` and `--a=value` are the same. */
function flagsIn(args: readonly string[], flags: readonly string[]) {
  const valueByFlag = new Map<string, string>();
  const faults: Fault[] = [];
  const expects = flags.map((flag) => `-${flag}`).join(', ');
  const options = Object.fromEntries(flags.map((flag) => [flag, { type: 'string', short: flag } as const]));
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      faults.push({ variable: token.value, problem: 'belongs to no flag', expects });
    } else if (!flags.includes(token.name)) {
      faults.push({ variable: token.rawName, problem: 'is no flag here', expects });
    } else if (token.value === undefined) {
      faults.push({ variable: token.rawName, problem: 'has no value', expects: `${token.rawName} and its value` });
    } else valueByFlag.set(token.name, token.value.replace(/^=/, ''));
  }
  return { valueByFlag, faults };
}
