import { hash } from 'node:crypto';
import { actorOf, type Caller } from './caller.js';
import { invalid } from './validate.js';
import type { Declaration, Idempotency } from './route.js';

export const takesIdempotencyKey = ({ idempotent, method, caller }: Declaration): boolean =>
  idempotent ?? ((method === 'post' || method === 'patch') && caller !== 'public');

/** The key of this command, for the row that keeps its answer. @throws Problem when the header is malformed */
export function idempotencyOf(
  declaration: Declaration,
  sent: { readonly header: string; readonly caller: Caller | undefined; readonly path: string; readonly body: string },
): Idempotency {
  const method = declaration.method.toUpperCase();
  return {
    principal: sent.caller ? actorOf(sent.caller) : 'public',
    route: `${method} ${declaration.path}`,
    key: parseKey(sent.header),
    fingerprint: hash(
      'sha256',
      `${method} ${sent.path}
${sent.body}`,
      'buffer',
    ),
  };
}

const MAX_KEY_LENGTH = 255;

/** Bare, or quoted as draft-07 has it; both spell the same key. A space can only stand in a quoted one. */
function parseKey(header: string): string {
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(header)?.[1]?.replace(/\\(["\\])/g, '$1');
  const key = quoted ?? (/^[\x21\x23-\x7e]+$/.test(header) ? header : '');
  if (key.length >= 1 && key.length <= MAX_KEY_LENGTH) return key;
  throw invalid([{ pointer: '/Idempotency-Key', detail: `must have 1 to ${MAX_KEY_LENGTH} printable characters` }]);
}
