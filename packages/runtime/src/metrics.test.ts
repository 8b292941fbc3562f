import { createMetrics } from './index.js';

describe('metrics', () => {
  it('are told in the Prometheus text format, under the name of their service', async () => {
    const metrics = createMetrics({ service: 'orders' });
    const told = metrics.counter('events_told_total', 'Events told.', ['topic']);
    told.inc({ topic: 'a' });
    told.inc({ topic: 'a' }, 4);
    const retries = metrics.counter('retries_total', 'Retries.');
    retries.inc();
    retries.inc(2);
    const sockets = metrics.gauge('sockets', 'Open sockets.');
    sockets.set(7);
    sockets.inc();
    sockets.dec(undefined, 3);
    metrics.gauge('lag', 'Messages behind.', ['partition']).set({ partition: 1 }, 12);
    const text = await metrics.text();
    expect(text).toContain('# HELP events_told_total Events told.');
    expect(text).toContain('events_told_total{topic="a",service="orders"} 5');
    expect(text).toContain('retries_total{service="orders"} 3');
    expect(text).toContain('sockets{service="orders"} 5');
    expect(text).toContain('lag{partition="1",service="orders"} 12');
    expect(metrics.contentType).toContain('text/plain');
  });

  it('sort durations into buckets of seconds', async () => {
    const metrics = createMetrics({ service: 'orders' });
    const seconds = metrics.histogram('request_seconds', 'Time to answer.', ['route']);
    seconds.observe({ route: '/v1/orders' }, 0.02);
    seconds.observe({ route: '/v1/orders' }, 3);
    metrics.histogram('batch_size', 'Commands in a batch.', [], [1, 10]).observe(5);
    const text = await metrics.text();
    expect(text).toContain('request_seconds_bucket{le="0.01",service="orders",route="/v1/orders"} 0');
    expect(text).toContain('request_seconds_bucket{le="0.025",service="orders",route="/v1/orders"} 1');
    expect(text).toContain('request_seconds_count{service="orders",route="/v1/orders"} 2');
    expect(text).toContain('batch_size_bucket{le="10",service="orders"} 1');
  });

  it('are one metric when two parts ask for the same name', async () => {
    const metrics = createMetrics({ service: 'orders' });
    metrics.counter('retries_total', 'Retries.').inc();
    metrics.counter('retries_total', 'Retries.').inc();
    expect(await metrics.text()).toContain('retries_total{service="orders"} 2');
  });

  it('are read at the moment in which somebody asks, of each part that has a say', async () => {
    const metrics = createMetrics({ service: 'orders' });
    let busy = 1;
    for (const pool of ['readers', 'writers'])
      metrics.gauge('connections', 'Connections.', ['pool'], (gauge) => gauge.set({ pool }, busy));
    await metrics.text();
    busy = 7;
    const text = await metrics.text();
    expect(text).toContain('connections{pool="readers",service="orders"} 7');
    expect(text).toContain('connections{pool="writers",service="orders"} 7');
  });

  it('of two services in one process do not mix', async () => {
    const [orders, points] = [createMetrics({ service: 'orders' }), createMetrics({ service: 'points' })];
    orders.counter('retries_total', 'Retries.').inc();
    expect(await points.text()).not.toContain('retries_total');
  });

  it('tell of the process too: memory, CPU and how late its event loop is', async () => {
    const text = await createMetrics({ service: 'orders' }).text();
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      expect(text).toContain(`${name}{service="orders"}`);
  });

  it('refuse a label that was not declared', () => {
    const counter = createMetrics({ service: 'orders' }).counter('retries_total', 'Retries.', ['topic']);
    expect(() => counter.inc({ user: 'u1' })).toThrow('user');
  });
});
