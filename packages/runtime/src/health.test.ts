import { createHealth } from './index.js';

describe('readiness', () => {
  it('holds while every part that spoke is well', () => {
    const health = createHealth();
    expect(health.readiness()).toEqual({ ready: true, parts: {} });
    health.report('database', { ok: true });
    health.report('relay', { ok: false, detail: 'no child partition left' });
    expect(health.readiness()).toEqual({
      ready: false,
      parts: { database: { ok: true }, relay: { ok: false, detail: 'no child partition left' } },
    });
    health.report('relay', { ok: true });
    expect(health.readiness().ready).toBe(true);
  });

  it('is over for good once the process drains', () => {
    const health = createHealth();
    health.report('database', { ok: true });
    health.drain();
    health.report('database', { ok: true });
    expect(health.readiness()).toEqual({
      ready: false,
      parts: { database: { ok: true }, process: { ok: false, detail: 'stopping' } },
    });
  });

  it('given out stays as it was', () => {
    const health = createHealth();
    const before = health.readiness();
    health.report('database', { ok: false });
    expect(before).toEqual({ ready: true, parts: {} });
  });
});
