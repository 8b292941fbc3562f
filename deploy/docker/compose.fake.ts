import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What the tests look at of a service of docker-compose.yml. */
export interface Container {
  readonly image: string;
  readonly build?: { readonly target: string; readonly args?: { readonly SERVICE?: string } };
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly (string | Mount)[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly profiles?: readonly string[];
  readonly restart: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly deploy?: { readonly resources: { readonly limits: Readonly<Record<string, string | number>> } };
}

export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly volume?: { readonly subpath?: string };
}

export interface Compose {
  readonly services: Readonly<Record<string, Container>>;
  readonly volumes: Readonly<Record<string, null>>;
}

export const root = join(__dirname, '..', '..');
export const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');

export const readCompose = (): Compose =>
  parse(read('docker-compose.yml'), { merge: true, maxAliasCount: -1 }) as Compose;

/** A value as Docker reads it where neither the shell nor .env says anything. */
export const asUnset = (value: string | number): string =>
  String(value).replace(/\$\{\w+(?::-([^}]*))?\}/g, (_, otherwise: string | undefined) => otherwise ?? '');
