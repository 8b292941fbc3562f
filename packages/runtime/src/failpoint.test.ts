import { failpoint, failpointsFrom } from './failpoint.js';

const on = (points: string) => failpointsFrom({ GSTORE_FAILPOINTS: 'on', FAILPOINTS: points });

describe('a failpoint', () => {
  it('does nothing in a process that was not started to fail', () => {
    expect(failpoint('relay.append')).toBeUndefined();
    for (const env of [
      {},
      { FAILPOINTS: 'a=throw' },
      { GSTORE_FAILPOINTS: 'on' },
      { GSTORE_FAILPOINTS: 'off', FAILPOINTS: 'a=throw' },
    ])
      expect(failpointsFrom(env)('a')).toBeUndefined();
  });

  it('throws where it was told to, and nowhere else', () => {
    const reach = on('a=throw, b=off');
    expect(() => reach('a')).toThrow('failpoint a');
    expect(reach('b')).toBeUndefined();
    expect(reach('c')).toBeUndefined();
  });

  it('holds up whoever waits for it', async () => {
    const before = performance.now();
    await on('a=pause:30')('a');
    expect(performance.now() - before).toBeGreaterThan(25);
  });

  it.each(['a', 'a=', '=throw', 'a=pause', 'a=pause:x', 'a=explode'])(
    'is not quietly ignored when misspelt: %s',
    (points) => {
      expect(() => on(points)).toThrow('FAILPOINTS');
    },
  );
});
