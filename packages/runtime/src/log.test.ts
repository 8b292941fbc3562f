import { setImmediate as turn } from 'node:timers/promises';
import { createLog, silentLog, withContext, type LogOptions } from './index.js';

function logging(options: Partial<LogOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, log: createLog({ service: 'orders', destination, ...options }) };
}

describe('a log line', () => {
  it('is one JSON object that says when, who, how bad and what', () => {
    const { lines, log } = logging();
    log.module('relay').warn({ topic: 'order.events', count: 3 }, 'sent late');
    expect(lines).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        service: 'orders',
        module: 'relay',
        topic: 'order.events',
        count: 3,
        message: 'sent late',
      },
    ]);
  });

  it('names the request, the trace and the order that are being worked on', async () => {
    const { lines, log } = logging();
    await withContext({ requestId: 'r1', traceId: 't1' }, async () => {
      log.info({}, 'received');
      await turn();
      await withContext({ orderId: 'o1' }, async () => {
        await turn();
        log.info({ requestId: 'own' }, 'placed');
      });
      log.info({}, 'answered');
    });
    log.info({}, 'idle');
    const context = lines.map(({ requestId, traceId, orderId }) => [requestId, traceId, orderId]);
    expect(context).toEqual([
      ['r1', 't1', undefined],
      ['own', 't1', 'o1'],
      ['r1', 't1', undefined],
      [undefined, undefined, undefined],
    ]);
  });

  it('never holds a secret, however deep or however spelt', () => {
    const { lines, log } = logging();
    const hidden = 'hunter2';
    const secrets = {
      authorization: hidden,
      cookie: hidden,
      password: hidden,
      token: hidden,
      refreshToken: hidden,
      apiKey: hidden,
    };
    const headers = { Authorization: hidden, 'set-cookie': [hidden], 'X-Staff-API-Key': hidden, accept: 'json' };
    const error = Object.assign(new Error('refused'), { request: { headers } });
    log.info({ ...secrets, request: { headers, list: [{ newPassword: hidden }] }, error }, 'tried');
    expect(JSON.stringify(lines)).not.toContain(hidden);
    expect(lines[0]).toMatchObject({ password: '[redacted]', request: { headers: { accept: 'json' } } });
    expect(headers.Authorization).toBe(hidden); // what the caller holds is not touched
  });

  it('tells of an error with its message, its code and its stack', () => {
    const { lines, log } = logging();
    const cause = Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' });
    log.error({ error: new AggregateError([cause], 'all failed', { cause }) }, 'failed');
    log.error(cause, 'alone');
    const told = {
      name: 'Error',
      message: 'no route',
      code: 'EHOSTUNREACH',
      stack: expect.stringContaining('log.test'),
    };
    expect(lines).toMatchObject([
      { error: { message: 'all failed', cause: told, errors: [told] }, message: 'failed' },
      { err: told, message: 'alone' },
    ]);
  });

  it('can hold amounts and things that go round in circles', () => {
    const { lines, log } = logging();
    const circle: Record<string, unknown> = { amount: 2n ** 60n };
    circle['self'] = circle;
    log.info({ amount: 72998n, circle, at: new Date(0), none: null }, 'charged');
    expect(lines[0]).toMatchObject({
      amount: '72998',
      circle: { amount: '1152921504606846976' },
      at: '1970-01-01T00:00:00.000Z',
      none: null,
    });
  });
});

describe('log levels', () => {
  const say = (log: ReturnType<typeof createLog>): void => {
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      log[level]({}, `main ${level}`);
      log.module('relay')[level]({}, `relay ${level}`);
    }
  };
  const said = (lines: readonly Record<string, unknown>[]): readonly unknown[] => lines.map(({ message }) => message);

  it('leave debugging out unless asked for', () => {
    const { lines, log } = logging();
    say(log);
    expect(said(lines)).toEqual(['main info', 'relay info', 'main warn', 'relay warn', 'main error', 'relay error']);
  });

  it('can be set for one module', () => {
    const { lines, log } = logging({ levels: 'error, relay=debug' });
    say(log);
    expect(said(lines)).toEqual(['relay debug', 'relay info', 'relay warn', 'main error', 'relay error']);
  });

  it('change while the process runs, for modules that have their log already', () => {
    const { lines, log } = logging();
    const relay = log.module('relay');
    log.setLevels('warn,relay=debug');
    relay.debug({}, 'now');
    log.info({}, 'not now');
    log.setLevels('silent');
    relay.error({}, 'nor this');
    log.setLevels('info');
    relay.debug({}, 'no more');
    relay.info({}, 'again');
    expect(said(lines)).toEqual(['now', 'again']);
  });

  it('stay as they are when the new ones make no sense', () => {
    const { lines, log } = logging({ levels: 'warn' });
    expect(() => log.setLevels('relay=debug,loud')).toThrow("'loud' is no log level; write one of debug, info");
    log.module('relay').info({}, 'hidden');
    log.warn({}, 'shown');
    expect(said(lines)).toEqual(['shown']);
    expect(() => logging({ levels: 'relay=loud' })).toThrow(RangeError);
  });
});

it('a silent log takes everything and says nothing', () => {
  expect(() => silentLog.module('any').error({ error: new Error('x') }, 'y')).not.toThrow();
});
