import { createHash, timingSafeEqual } from 'node:crypto';
import { scopes, type MachineCaller, type Scope } from './caller.js';

/** Who holds this staff API key; undefined when nobody does. Takes the same time for every key. */
export type StaffKeys = (key: string) => MachineCaller | undefined;

/** Nobody has a staff API key. */
export const noStaffKeys: StaffKeys = () => undefined;

/**
 * Reads STAFF_API_KEYS: `name:sha256:scopes`, separated by commas; the digest in hex, several scopes joined by `+`,
 * as in `warehouse:9f86…0a08:orders+points`. @throws RangeError that names the entry, never its digest
 */
export function parseStaffKeys(entries: string | readonly string[]): StaffKeys {
  const list = (typeof entries === 'string' ? entries.split(',') : entries)
    .map((entry) => entry.trim())
    .filter(Boolean);
  const holders = list.map(parseEntry);
  const names = holders.map(({ caller }) => caller.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`staff API key '${twice}' is there twice`);
  if (holders.length === 0) return noStaffKeys;
  return (key) => {
    const digest = sha256(key);
    let found: MachineCaller | undefined;
    for (const holder of holders) if (timingSafeEqual(holder.digest, digest)) found = holder.caller;
    return found;
  };
}

const sha256 = (key: string): Buffer => createHash('sha256').update(key).digest();

function parseEntry(entry: string, index: number): { readonly digest: Buffer; readonly caller: MachineCaller } {
  const [name = '', digest = '', scopeList = '', ...rest] = entry.split(':');
  const where = `staff API key ${index + 1}`;
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(name)) throw new RangeError(`${where}: write name:sha256:scopes`);
  if (!/^[0-9a-f]{64}$/i.test(digest))
    throw new RangeError(`${where} ('${name}'): write the SHA-256 of the key as 64 hex digits`);
  const granted = scopeList.split('+');
  const unknown = rest.length > 0 ? rest.join(':') : granted.find((scope) => !isScope(scope));
  if (unknown !== undefined) throw new RangeError(`${where} ('${name}'): scopes are ${scopes.join(', ')}, joined by +`);
  return { digest: Buffer.from(digest, 'hex'), caller: { kind: 'machine', name, scopes: granted.filter(isScope) } };
}

const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text);
