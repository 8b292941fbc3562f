import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';

const folder = mkdtempSync(join(tmpdir(), 'run-main-'));
const children = new Set<ChildProcess>();

beforeAll(() => {
  for (const file of readdirSync(__dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
    const options = {
      jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    } as const;
    writeFileSync(join(folder, file.replace(/ts$/, 'js')), transformFileSync(join(__dirname, file), options).code);
  }
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A process of its own that runs this body with `runMain` and `failpoint` at hand. */
function started(body: string, env: Record<string, string> = {}) {
  const script = join(folder, `main-${children.size}.js`);
  writeFileSync(
    script,
    `const { runMain } = require('./run-main.js'), { failpoint } = require('./failpoint.js');\n${body}`,
  );
  const nodePath = [join(__dirname, '../node_modules'), join(__dirname, '../../../node_modules')].join(':');
  const child = spawn(process.execPath, [script], { env: { ...env, NODE_PATH: nodePath } });
  children.add(child);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code: (code ?? signal) as unknown, out, err }));
  const said = async (text: string): Promise<void> => {
    while (!out.includes(text)) await once(child.stdout, 'data');
  };
  return { child, said, ended };
}

/** Stays up, says so, and says when it has stopped. */
const service = (stop: string) => `
  const up = setInterval(() => {}, 1000);
  runMain({ name: 'orders', stopWithinMs: 300, start: async () => {
    console.log('up');
    return { [Symbol.asyncDispose]: async () => { console.log('stopping'); ${stop} } };
  } });`;
const slowStop = `await new Promise((resolve) => setTimeout(resolve, 100)); console.log('stopped');`;

describe('a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops what it runs at %s and ends well', async (signal) => {
    const { child, said, ended } = started(service(slowStop));
    await said('up');
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, out: 'up\nstopping\nstopped\n', err: '' });
  });

  it('is not shaken by a second signal while it stops', async () => {
    const { child, said, ended } = started(service(slowStop));
    await said('up');
    child.kill('SIGTERM');
    await said('stopping');
    child.kill('SIGTERM');
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, out: 'up\nstopping\nstopped\n', err: '' });
  });

  it('ends all the same when stopping takes too long, and says so', async () => {
    const { child, said, ended } = started(service('await new Promise(() => {});'));
    await said('up');
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect(code).toBe(1);
    expect(out).toContain('still not stopped after 300 ms');
  });

  it('ends badly when stopping fails', async () => {
    const { child, said, ended } = started(service(`throw new Error('pool is stuck');`));
    await said('up');
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect(code).toBe(1);
    expect(out).toContain('pool is stuck');
  });

  it('that gets a signal while it starts, starts and stops', async () => {
    const { child, said, ended } = started(`
      runMain({ name: 'orders', start: async () => {
        console.log('starting');
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { [Symbol.asyncDispose]: async () => console.log('stopped') };
      } });`);
    await said('starting');
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, out: 'starting\nstopped\n', err: '' });
  });

  it('with wrong settings prints what is wrong with them and nothing else', async () => {
    const { ended } = started(`
      const fault = Object.assign(new Error('PORT is wrong; write a port'), { name: 'ConfigInvalid' });
      runMain({ name: 'orders', start: () => { throw fault; } });`);
    expect(await ended).toEqual({ code: 1, out: '', err: 'PORT is wrong; write a port\n' });
  });

  it('that cannot reach what it needs says so in one line', async () => {
    const { ended } = started(`
      runMain({ name: 'orders', start: () => require('node:fs/promises').readFile('/no/such/file') });`);
    const { code, err } = await ended;
    expect(code).toBe(1);
    expect(err).toMatch(/^orders could not start: ENOENT.*\n$/);
  });

  it('that has a fault of its own when it starts says where', async () => {
    const { ended } = started(`runMain({ name: 'orders', start: async () => undefined.oops });`);
    const { code, err } = await ended;
    expect(code).toBe(1);
    expect(err).toMatch(/^orders could not start: TypeError.*\n +at .*main-/);
  });

  it.each([
    ['a promise that nobody watched', `Promise.reject(new Error('dropped'));`],
    ['an error that nobody caught', `setImmediate(() => { throw new Error('dropped'); });`],
  ])('does not live on after %s', async (_what, fault) => {
    const { ended } = started(`${service(slowStop)} ${fault}`);
    const { code, out } = await ended;
    expect(code).toBe(1);
    const line = JSON.parse(out.trim().split('\n').at(-1) ?? '');
    expect(line).toMatchObject({ level: 'fatal', service: 'orders', error: { message: 'dropped' } });
  });

  it('ends on the spot at a failpoint, without stopping anything', async () => {
    const env = { GSTORE_FAILPOINTS: 'on', FAILPOINTS: 'relay.append=exit' };
    const { ended } = started(`${service(slowStop)} setImmediate(() => failpoint('relay.append'));`, env);
    expect(await ended).toEqual({ code: 137, out: 'up\n', err: '' });
  });
});
