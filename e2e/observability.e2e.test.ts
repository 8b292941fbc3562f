import { join } from 'node:path';
import { client } from '@g-store/testing';
import { usedMetrics } from '../deploy/observability/used-metrics.mts';
import { services } from '../deploy/local/services.mts';
import { portOf } from './stack';

/** Prometheus says itself whether it could ask. */
const ofPrometheus = ['up'];

describe('dashboards and alerts', () => {
  it('ask for nothing that no service tells', async () => {
    const texts = await Promise.all(
      services.map(async ({ port }) => (await client(portOf(port)).get('/metrics')).text),
    );
    const told = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name)));
    const asked = [...usedMetrics(join(__dirname, '..', 'deploy', 'observability'))];
    expect(asked.filter((name) => !told.has(name) && !ofPrometheus.includes(name))).toEqual([]);
  });
});
