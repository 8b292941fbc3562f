import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ToolRefused } from '../verify/where.mts';
import { register } from './register.mts';
import { hearable } from './topics.mts';

const shape = join(import.meta.dirname, 'shape');

/** Ports that the contracts have given away before the service was there. */
const portByName: Readonly<Record<string, number>> = { points: 8082, accrual: 8085, journal: 8086 };

/**
 * Writes a service of the house's shape into the checkout at `root` and makes it known where it has to be.
 * @returns the files written or changed, below `root`
 * @throws ToolRefused when it cannot be called so, is there already, or the topic is unknown
 */
export async function makeService(root: string, name: string, hears: string): Promise<readonly string[]> {
  const heard = hearable[hears];
  if (heard === undefined) throw new ToolRefused(`--hears ${hears}: there are ${Object.keys(hearable).join(', ')}`);
  if (!/^[a-z]{2,20}$/.test(name)) throw new ToolRefused(`${name}: write a name of 2 to 20 small letters`);
  const folder = join('services', name);
  if (existsSync(join(root, folder, 'package.json'))) throw new ToolRefused(`${folder} is there already`);
  const versions = versionsOf(root);
  const port = portByName[name] ?? freePort(root);
  const values: Readonly<Record<string, string>> = {
    ...heard,
    ...versions,
    name,
    Name: capital(name),
    topic: hears,
    eventsFile: hears.replace(/\.events$/, '').replace('.', '-') + '-events',
    eventsName: heard.topicExport.endsWith('Events') ? heard.topicExport : `${heard.topicExport}Events`,
    port: String(port),
  };
  const written: string[] = [];
  for (const template of filesIn(shape)) {
    const file = join(folder, fillName(template, values));
    const text = fill(readFileSync(join(shape, template), 'utf8'), values);
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), await pretty(root, file, text));
    written.push(file);
  }
  return [...written, ...register(root, { name, port, about: `Tallies of ${hears}` })];
}

/** A placeholder that nobody fills must not reach a service. */
const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing fills ${placeholder}`);
    return value;
  });

const fillName = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\.template$/, '').replace(/__(\w+?)__/g, (_, name: string) => values[name] ?? name);

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.template'))
    .sort();

async function pretty(root: string, file: string, text: string): Promise<string> {
  const filepath = join(root, file);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The same versions as the services that are there. */
function versionsOf(root: string): { readonly pg: string; readonly zod: string } {
  const text = readFileSync(join(root, 'services', 'orders', 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  return { pg: dependencies['pg'] ?? '*', zod: dependencies['zod'] ?? '*' };
}

/** Above every port that is given away. */
function freePort(root: string): number {
  const text = readFileSync(join(root, 'deploy', 'local', 'services.mts'), 'utf8');
  const taken = [...text.matchAll(/port: (\d+)/g)].map(([, port]) => Number(port));
  return Math.max(...taken, ...Object.values(portByName)) + 1;
}
