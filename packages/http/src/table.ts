import type { Authority, Scope } from './caller.js';
import { takesIdempotencyKey } from './idempotency.js';
import type { Method, Route } from './route.js';

/** A line of the security matrix: everything about a route that decides who gets in. */
export interface RouteRow {
  readonly method: Method;
  readonly path: string;
  readonly caller: Authority;
  readonly machine: Scope | undefined;
  readonly params: readonly string[];
  readonly idempotent: boolean;
  readonly hasBody: boolean;
}

/** Every route that there is: the router is made of the same list. */
export const routeTable = (routes: readonly Route[]): readonly RouteRow[] =>
  routes.map(({ declaration }) => ({
    method: declaration.method,
    path: declaration.path,
    caller: declaration.caller,
    machine: declaration.machine,
    params: paramsOf(declaration.path),
    idempotent: takesIdempotencyKey(declaration),
    hasBody: declaration.body !== undefined,
  }));

export const paramsOf = (path: string): readonly string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');

/** Routes by path, `/mine` before `/:id`. @throws Error for a route declared twice, or whose parameters have no schema */
export function routesByPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) {
    const { method, path } = route.declaration;
    const others = byPath.get(path) ?? [];
    if (others.some(({ declaration }) => declaration.method === method))
      throw new Error(`${method} ${path} is declared twice`);
    requireParams(route);
    byPath.set(path, [...others, route]);
  }
  return new Map([...byPath].sort(([a], [b]) => compare(a, b)));
}

function requireParams({ declaration: { method, path, params } }: Route): void {
  const declared = Object.keys(params?.shape ?? {}).sort();
  if (declared.join() !== [...paramsOf(path)].sort().join())
    throw new Error(`${method} ${path}: params must name what the path names`);
}

/** A fixed segment goes before a parameter in the same place. */
function compare(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = Number(left[at]?.startsWith(':')) - Number(right[at]?.startsWith(':'));
    if (difference !== 0) return difference;
  }
  return 0;
}
