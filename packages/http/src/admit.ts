import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Authenticate } from './authenticate.js';
import { isOperator, isStaff, type Caller } from './caller.js';
import { Problem } from './problem.js';
import type { Declaration } from './route.js';
import { invalid } from './validate.js';

/** Who calls, with what the route asks for. A public route takes a bad credential for none. @throws Problem 401 or 403 */
export async function identify(
  declaration: Declaration,
  headers: IncomingHttpHeaders,
  authenticate: Authenticate,
): Promise<Caller | undefined> {
  if (declaration.caller !== 'public') return (declaration.authenticate ?? authenticate)(headers);
  if (headers.authorization === undefined && headers['x-staff-api-key'] === undefined) return undefined;
  try {
    return await authenticate(headers);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** @throws Problem unauthenticated or forbidden */
export function admit({ caller: authority, machine }: Declaration, caller: Caller | undefined): void {
  if (authority === 'public') return;
  if (!caller) throw new Problem('unauthenticated');
  if (!isAdmitted(authority, machine, caller)) throw new Problem('forbidden');
}

function isAdmitted(
  authority: Exclude<Declaration['caller'], 'public'>,
  machine: Declaration['machine'],
  caller: Caller,
): boolean {
  if (caller.kind === 'machine')
    return authority !== 'operator' && machine !== undefined && caller.scopes.includes(machine);
  switch (authority) {
    case 'customer':
      return true;
    case 'staff':
      return isStaff(caller);
    case 'operator':
      return isOperator(caller);
  }
}

/** Of each of these a proxy might read the one and we the other. */
const once = new Set([
  'authorization',
  'x-staff-api-key',
  'content-type',
  'content-encoding',
  'idempotency-key',
  'if-match',
  'if-none-match',
]);

/** @throws Problem when a header that must stand alone was sent twice */
export function refuseRepeated({ headers, rawHeaders }: IncomingMessage): void {
  if (Object.keys(headers).length * 2 === rawHeaders.length) return; // each name once
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    if (once.has(name) && seen.has(name)) throw invalid([{ pointer: `/${name}`, detail: 'was sent twice' }]);
    seen.add(name);
  }
}
