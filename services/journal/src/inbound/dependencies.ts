import type { Clock } from '@g-store/runtime';
import type { Checks } from '../application/checks.js';
import type { Reader } from '../application/reader.js';
import type { Follow } from './following.js';

export interface Dependencies {
  readonly reader: Reader;
  readonly checks: Pick<Checks, 'last'>;
  readonly follow: Follow;
  readonly clock: Clock;
  readonly stuckAfterMs: number;
}
