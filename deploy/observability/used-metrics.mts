import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { dashboards } from './dashboards.mts';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

export function alertsIn(folder: string): readonly Alert[] {
  const { groups } = parse(readFileSync(join(folder, 'alerts.yaml'), 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly Alert[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

const words = new Set(
  'by on sum max min avg rate increase histogram_quantile label_values le service topic method route status kind state pool instance code result recovered answer invariant'.split(
    ' ',
  ),
);

/** The series that a query names, without what is inside its braces. */
export const seriesIn = (query: string): readonly string[] =>
  [...query.replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ').matchAll(/[a-z_][a-z0-9_]*/g)].flatMap(([word]) =>
    words.has(word) ? [] : [word],
  );

/** Every metric that a dashboard or an alert asks for; of a histogram the name that it is registered by. */
export function usedMetrics(folder: string): ReadonlySet<string> {
  const queries = [
    ...dashboards.flatMap(({ panels }) => panels.flatMap(({ asks }) => asks.map(([query]) => query))),
    ...alertsIn(folder).map(({ expr }) => expr),
  ];
  return new Set(queries.flatMap(seriesIn).map((name) => name.replace(/_(bucket|sum|count)$/, '')));
}
