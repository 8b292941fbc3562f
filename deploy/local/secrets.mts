import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from './settings.mts';

export const secretFile = (stack: Stack, name: string): string => join(stack.home, 'secrets', name);

/** The stack's secret of this name, generated the first time it is asked for; the file is 0600, its folder 0700. */
export function secret(stack: Stack, name: string, make: () => string = randomText): string {
  const file = secretFile(stack, name);
  if (!existsSync(file)) {
    mkdirSync(stack.home, { recursive: true });
    mkdirSync(join(stack.home, 'secrets'), { recursive: true, mode: 0o700 });
    const half = `${file}.${process.pid}`;
    writeFileSync(half, make(), { mode: 0o600 });
    renameSync(half, file);
  }
  return readFileSync(file, 'utf8');
}

/** 256 bits that need no quoting anywhere. */
const randomText = (): string => randomBytes(32).toString('base64url');

/** Kafka's spelling of a UUID; a leading `-` would read as an option on its command line. */
export const clusterId = (): string => `A${randomBytes(16).toString('base64url').slice(1)}`;

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
