import {
  collectDefaultMetrics,
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client';

export type Labels = Readonly<Record<string, string | number>>;

/** `inc()`, `inc(5)`, `inc({ topic })`, `inc({ topic }, 5)`. */
export interface Counter {
  inc(labels?: Labels | number, by?: number): void;
}

/** `set(5)`, `set({ topic }, 5)`. */
export interface Gauge {
  set(labels: Labels | number, value?: number): void;
  inc(labels?: Labels | number, by?: number): void;
  dec(labels?: Labels | number, by?: number): void;
}

/** `observe(0.2)`, `observe({ route }, 0.2)`; durations are in seconds. */
export interface Histogram {
  observe(labels: Labels | number, value?: number): void;
}

/** One registry per service. To ask twice for a name gives the same metric. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  /** `read` sets it whenever somebody asks for the metrics; those of several who share a name all do. */
  gauge(name: string, help: string, labels?: readonly string[], read?: (gauge: Gauge) => void): Gauge;
  histogram(name: string, help: string, labels?: readonly string[], buckets?: readonly number[]): Histogram;
  /** Everything in the Prometheus text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

const secondBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Starts with the process's own metrics: memory, CPU, garbage collection, event loop delay. */
export function createMetrics({ service }: { readonly service: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });

  const readings: (() => void)[] = [];
  const once = <Metric>(name: string, make: () => Metric): Metric =>
    (registry.getSingleMetric(name) as Metric | undefined) ?? make();
  const shared = (name: string, help: string, labels: readonly string[] = []) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });

  return {
    counter: (name, help, labels) => {
      const counter = once(name, () => new PromCounter(shared(name, help, labels)));
      return { inc: (...given) => split(given, 1, (of, by) => counter.inc(of, by)) };
    },
    gauge: (name, help, labels, read) => {
      const prom = once(name, () => new PromGauge(shared(name, help, labels)));
      const gauge: Gauge = {
        set: (...given) => split(given, 0, (of, value) => prom.set(of, value)),
        inc: (...given) => split(given, 1, (of, by) => prom.inc(of, by)),
        dec: (...given) => split(given, 1, (of, by) => prom.dec(of, by)),
      };
      if (read !== undefined) readings.push(() => read(gauge));
      return gauge;
    },
    histogram: (name, help, labels, buckets = secondBuckets) => {
      const make = () => new PromHistogram({ ...shared(name, help, labels), buckets: [...buckets] });
      const histogram = once(name, make);
      return { observe: (...given) => split(given, 0, (of, value) => histogram.observe(of, value)) };
    },
    text: () => {
      for (const read of readings) read();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

type Given = readonly [labels?: Labels | number | undefined, value?: number | undefined];

/** Labels may be left out, so that the first argument is either of the two. */
function split([first, second]: Given, otherwise: number, to: (labels: Labels, value: number) => void): void {
  if (typeof first === 'number') to({}, first);
  else to(first ?? {}, second ?? otherwise);
}
