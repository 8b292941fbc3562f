import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { client } from '@g-store/testing';
import { portOf } from './stack';

const portByService = {
  orders: 8080,
  payments: 8081,
  points: 8082,
  identity: 8083,
  notifications: 8084,
  accrual: 8085,
  journal: 8086,
};
const services = Object.keys(portByService) as (keyof typeof portByService)[];

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly services: readonly string[];
}

/** The rows of the tables: `| name | type | labels | services | … |`. */
function documented(): readonly (Metric & { readonly labels: readonly string[] })[] {
  const text = readFileSync(join(__dirname, '../docs/metrics.md'), 'utf8');
  const words = (cell = '') => cell.split(',').flatMap((word) => word.trim() || []);
  return text.split('\n').flatMap((line) => {
    const [, name, type = '', labels, where = ''] = line.split('|').map((cell) => cell.trim());
    if (!name?.startsWith('`')) return [];
    return [
      { name: name.slice(1, -1), type, labels: words(labels), services: where === 'all' ? services : words(where) },
    ];
  });
}

const textOf = async (service: keyof typeof portByService): Promise<string> =>
  (await client(portOf(portByService[service])).get('/metrics')).text;

const isOfTheProcess = ({ name }: { readonly name: string }): boolean => /^(nodejs|process)_/.test(name);
const byName = (a: Metric, b: Metric): number => (a.name < b.name ? -1 : 1);

describe('docs/metrics.md', () => {
  let textByService: ReadonlyMap<string, string>;
  beforeAll(async () => {
    textByService = new Map(await Promise.all(services.map(async (name) => [name, await textOf(name)] as const)));
  });

  const running = (): readonly Metric[] => {
    const found = new Map<string, { name: string; type: string; services: string[] }>();
    for (const [service, text] of textByService)
      for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
        const metric = found.get(name) ?? { name, type, services: [] };
        metric.services.push(service);
        found.set(name, metric);
      }
    return [...found.values()];
  };

  it('names every metric that a service has, its kind and who has it, and none besides', () => {
    const told = documented().map(({ name, type, services: where }) => ({
      name,
      type,
      services: services.filter((service) => where.includes(service)),
    }));
    const ours = (metrics: readonly Metric[]) => metrics.filter((metric) => !isOfTheProcess(metric)).sort(byName);
    expect(ours(told)).toEqual(ours(running()));
    expect(running()).toEqual(expect.arrayContaining(told.filter(isOfTheProcess)));
  });

  it('names every label that a series has', () => {
    const labelsByName = new Map(documented().map(({ name, labels }) => [name, labels]));
    const unknown = [...textByService.values()].flatMap((text) =>
      [...text.matchAll(/^(\w+)\{(.*)\} \S+$/gm)].flatMap(([, series = '', labels = '']) => {
        const name = labelsByName.has(series) ? series : series.replace(/_(bucket|sum|count)$/, '');
        const known = ['service', 'le', ...(labelsByName.get(name) ?? [])];
        const has = [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
        return isOfTheProcess({ name }) || has.every((label) => known.includes(label)) ? [] : [`${series} ${labels}`];
      }),
    );
    expect(unknown).toEqual([]);
  });
});
