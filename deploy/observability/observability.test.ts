import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards } from './dashboards.mts';
import { toGrafana } from './panel.mts';
import { alertsIn, seriesIn, usedMetrics } from './used-metrics.mts';

const root = join(__dirname, '..', '..');
const alerts = alertsIn(__dirname);

describe('the dashboards', () => {
  it('lie there as they are written down', () => {
    const folder = join(__dirname, 'grafana');
    const names = dashboards.map(({ uid }) => `${uid}.json`);
    expect(readdirSync(folder).sort()).toEqual([...names].sort());
    for (const dashboard of dashboards)
      expect(JSON.parse(readFileSync(join(folder, `${dashboard.uid}.json`), 'utf8'))).toEqual(toGrafana(dashboard));
  });

  it('have queries whose brackets close, and say what to think of each', () => {
    for (const { about, asks } of dashboards.flatMap(({ panels }) => panels)) {
      expect(about).toMatch(/\w.*[.:]/);
      for (const [query] of asks) expect([query, balanced(query)]).toEqual([query, true]);
    }
  });
});

describe('the alerts', () => {
  it.each(alerts.map((alert) => [alert.alert, alert] as const))(
    '%s says what is felt and where to look',
    (_, alert) => {
      expect(['page', 'ticket']).toContain(alert.labels.severity);
      expect(alert.annotations.summary).toMatch(/\{\{ \$/);
      expect(existsSync(join(root, alert.annotations.runbook))).toBe(true);
      expect(balanced(alert.expr)).toBe(true);
      expect(alert.for ?? '1m').toMatch(/^\d+(s|m)$/);
    },
  );

  it('have names of their own', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  it('and the dashboards ask for metrics by name', () => {
    expect(seriesIn('sum by (service) (rate(http_requests_total{status=~"5.."}[5m])) > 0.02')).toEqual([
      'http_requests_total',
    ]);
    expect([...usedMetrics(__dirname)]).toEqual(
      expect.arrayContaining(['parked_keys', 'ws_connections', 'saga_stuck']),
    );
  });
});

/** Round, square and curly brackets close in order. */
function balanced(query: string): boolean {
  const open: string[] = [];
  for (const character of query.replace(/"[^"]*"/g, '')) {
    const index = ')]}'.indexOf(character);
    if ('([{'.includes(character)) open.push(character);
    else if (index >= 0 && open.pop() !== '([{'[index]) return false;
  }
  return open.length === 0;
}
