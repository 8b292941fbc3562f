import { Problem } from './problem.js';
import type { Headers, Reply } from './reply.js';

/** The strong validator of a version; a text for what changes beside its version too. */
export const etagOf = (version: number | string): string => `"${version}"`;

/** Lets a change go on only from the version that the caller saw; without `If-Match` from any. @throws Problem version_conflict */
export function requireVersion(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined || matches(ifMatch, version, false)) return;
  throw new Problem('version_conflict', 'it has changed since you read it', { headers: { etag: etagOf(version) } });
}

/** 200 with the body and its ETag; 304 when the caller has this version already. */
export function versioned(body: unknown, version: number | string, ifNoneMatch?: string, headers?: Headers): Reply {
  const all = { ...headers, etag: etagOf(version) };
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, version, true)) return { status: 304, headers: all };
  return { status: 200, headers: all, body };
}

function matches(condition: string, version: number | string, weak: boolean): boolean {
  if (condition.trim() === '*') return true;
  const tags = condition.split(',').map((tag) => tag.trim());
  return tags.some((tag) => tag === etagOf(version) || (weak && tag === `W/${etagOf(version)}`));
}
