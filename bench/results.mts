import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Measured } from './figure.mts';

/** Keeps a figure's rounds in the file of the day; measured twice on one day, the later one stands. */
export function keepResult(name: string, measured: Measured & { readonly machine: object }, day: string): string {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${day}.json`);
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : {};
  writeFileSync(file, `${JSON.stringify({ ...kept, [name]: measured }, roundedTo4, 2)}\n`);
  return file;
}

const roundedTo4 = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : value;
