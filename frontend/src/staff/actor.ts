/** Who did something to an order: a person by id, `key:<name>` of a machine, or the service that did it. */
export type Who =
  | { readonly kind: 'you' | 'customer' | 'payments' | 'points' | 'somebody' }
  | { readonly kind: 'machine'; readonly name: string }
  | { readonly kind: 'person'; readonly id: string };

export function whoIs(actor: string, customerId: string, ownId: string | undefined): Who {
  if (actor === ownId) return { kind: 'you' };
  if (actor === customerId) return { kind: 'customer' };
  if (actor === 'payments' || actor === 'points') return { kind: actor };
  if (actor.startsWith('key:')) return { kind: 'machine', name: actor.slice('key:'.length) };
  return isId(actor) ? { kind: 'person', id: actor } : { kind: 'somebody' };
}

const isId = (actor: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(actor);
