import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolRefused } from '../verify/where.mts';

export interface NewService {
  readonly name: string;
  readonly port: number;
  readonly about: string;
}

/** Makes a service known to the local stack, to the gateway and to the lockfile. @returns the files that it changed */
export function register(root: string, service: NewService): readonly string[] {
  const changed = [
    change(root, 'deploy/local/services.mts', (text) => inStack(text, service)),
    change(root, 'package-lock.json', (text) => inLockfile(root, text, service)),
  ];
  const made = [
    [`nginx/locations/${service.name}.conf`, locationOf(service)],
    [`tools/collections/scenarios/${service.name}.mts`, scenarioOf(service)],
  ] as const;
  for (const [file, text] of made) {
    // The gateway may know the service already.
    if (existsSync(join(root, file))) continue;
    writeFileSync(join(root, file), text);
    changed.push(file);
  }
  return changed;
}

function change(root: string, file: string, to: (text: string) => string): string {
  const path = join(root, file);
  writeFileSync(path, to(readFileSync(path, 'utf8')));
  return file;
}

/** The entry that the local stack needs: it makes the database, runs the service and tells the gateway of it. */
export function inStack(text: string, { name, port, about }: NewService): string {
  const entry = `  { name: '${name}', port: ${port}, about: '${about}', prefixes: ['/api/${name}'] },\n`;
  const services = /(export const services: readonly Service\[\] = \[\n[\s\S]*?)(\];)/;
  if (!services.test(text)) throw new ToolRefused('deploy/local/services.mts has no list of services any more');
  return text.replace(services, (_, before: string, end: string) => before + entry + end);
}

interface Lockfile {
  packages: Record<string, object>;
}

/** As npm itself would write it, so that `npm ci` takes the lockfile without an install in between. */
function inLockfile(root: string, text: string, { name }: NewService): string {
  const lock = JSON.parse(text) as Lockfile;
  const folder = `services/${name}`;
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name: called, version, dependencies, devDependencies } = manifest;
  const added = {
    [`node_modules/${String(called)}`]: { resolved: folder, link: true },
    [folder]: { name: called, version, dependencies, devDependencies },
  };
  const packages = Object.entries({ ...lock.packages, ...added }).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`;
}

const locationOf = ({ name }: NewService): string => `location /api/${name}/ {
    set $forwarded_prefix /api/${name};
    proxy_pass http://${name}/;
}
`;

/** What `requests/` shows of it. */
const scenarioOf = ({ name }: NewService): string => `import { operations, type Scenario } from '../step.mts';

export const ${name}: Scenario = {
  steps: [
    { operation: 'get /v1/tallies/mine', as: 'customer', status: 200 },
    ...operations({ parking: true }),
  ],
};
`;
