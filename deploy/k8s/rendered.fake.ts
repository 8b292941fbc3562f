import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

export const root = join(__dirname, '..', '..');
const tool = (name: string): string => join(root, '.local', 'bin', name);

/** Runs one of the tools that tools.sh brings. @throws Error with all that it said */
export const run = (name: 'helm' | 'kubeconform', args: readonly string[], input = ''): string =>
  execFileSync(tool(name), args, { cwd: __dirname, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });

export const bringTools = (): void => void execFileSync('sh', [join(__dirname, 'tools.sh')], { stdio: 'pipe' });

const texts = new Map<string, string>();

/** The chart as text, with the values of one more file; rendered once. */
export function rendered(values = 'values.yaml'): string {
  const text = texts.get(values) ?? run('helm', ['template', 'shop', '.', '--values', values]);
  texts.set(values, text);
  return text;
}

export const objectsOf = (text: string): readonly Rendered[] =>
  parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.join('\n'));
    const object = document.toJS() as Rendered | null;
    return object === null ? [] : [object];
  });

export interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly securityContext: object;
  readonly resources: { readonly requests: object; readonly limits: { readonly memory?: string } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly [probe: string]: unknown;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly securityContext: object;
  readonly automountServiceAccountToken: boolean;
  readonly volumes: readonly {
    readonly name: string;
    readonly secret?: { readonly secretName: string };
  }[];
}

/** The pods that an object of the chart makes itself. */
export const podOf = (object: Rendered): PodSpec | undefined =>
  (object as { readonly spec?: { readonly template?: { readonly spec: PodSpec } } }).spec?.template?.spec;
