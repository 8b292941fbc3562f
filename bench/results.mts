import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Measured } from './figure.mts';

const folder = join(import.meta.dirname, 'results');

export type Kept = Measured & { readonly machine: Readonly<Record<string, string>> };

/** What was last measured of a figure, on whatever day. */
export function newestResult(name: string): Kept | undefined {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  const all = files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, Kept>);
  return all.findLast((day) => name in day)?.[name];
}

/** A figure with one part measured again, on another day or commit: its numbers take the place of the earlier ones. */
export function withPart(whole: Kept, part: string, { numbers, machine }: Kept): Kept {
  const others = Object.entries(whole.numbers).filter(([key]) => !key.startsWith(`${part} `));
  const { on, commit, 'machine busy': busy } = machine;
  return {
    ...whole,
    numbers: { ...Object.fromEntries(others), ...numbers },
    machine: { ...whole.machine, [`part ${part}`]: `again on ${on}, commit ${commit}, machine busy ${busy}` },
  };
}

/** Keeps a figure's rounds in the file of the day; measured twice on one day, the later one stands. */
export function keepResult(name: string, measured: Kept, day: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${day}.json`);
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : {};
  writeFileSync(file, `${JSON.stringify({ ...kept, [name]: measured }, roundedTo4, 2)}\n`);
  return file;
}

const roundedTo4 = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : value;
