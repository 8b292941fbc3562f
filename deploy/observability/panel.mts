/** One drawing of a dashboard: what is asked of Prometheus, and how its numbers read. */
export interface Panel {
  readonly title: string;
  /** Why somebody looks at it, and what to think of what is seen. */
  readonly about: string;
  readonly unit: 's' | 'short' | 'reqps' | 'ops' | 'percentunit' | 'bytes';
  /** Each with the legend of its lines. */
  readonly asks: readonly (readonly [query: string, legend: string])[];
  /** One number in place of a line; red from here on. */
  readonly stat?: { readonly redFrom: number };
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  /** A choice of the services above the drawings, `$service` in the queries. */
  readonly byService?: boolean;
}

const datasource = { type: 'prometheus', uid: '${source}' };
const [COLUMNS, WIDTH, HEIGHT] = [3, 8, 8];

/** As Grafana reads it. */
export const toGrafana = ({ uid, title, panels, byService = false }: Dashboard): object => ({
  uid,
  title: `g-store: ${title}`,
  tags: ['g-store'],
  editable: false,
  schemaVersion: 41,
  time: { from: 'now-1h', to: 'now' },
  refresh: '10s',
  timezone: 'utc',
  templating: {
    list: [
      { name: 'source', label: 'Prometheus', type: 'datasource', query: 'prometheus', current: {}, hide: 0 },
      ...(byService ? [serviceChoice] : []),
    ],
  },
  links: [{ type: 'dashboards', tags: ['g-store'], title: 'g-store', asDropdown: true, includeVars: true }],
  panels: panels.map((panel, index) => ({
    id: index + 1,
    type: panel.stat ? 'stat' : 'timeseries',
    title: panel.title,
    description: panel.about,
    datasource,
    gridPos: { x: (index % COLUMNS) * WIDTH, y: Math.floor(index / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT },
    targets: panel.asks.map(([expr, legendFormat], at) => ({
      refId: String.fromCharCode(65 + at),
      datasource,
      expr,
      legendFormat,
    })),
    fieldConfig: {
      defaults: { unit: panel.unit, min: 0, ...(panel.stat && redFrom(panel.stat.redFrom)) },
      overrides: [],
    },
    options: panel.stat
      ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'background' }
      : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  })),
});

const serviceChoice = {
  name: 'service',
  type: 'query',
  datasource,
  query: { query: 'label_values(http_requests_total, service)', refId: 'services' },
  refresh: 2,
  current: {},
  multi: false,
};

const redFrom = (value: number): object => ({
  thresholds: {
    mode: 'absolute',
    steps: [
      { color: 'green', value: null },
      { color: 'red', value },
    ],
  },
});
