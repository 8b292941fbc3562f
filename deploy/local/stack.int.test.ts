import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@g-store/testing';
import { Client } from 'pg';
import { isFree } from './ports.mts';
import { databaseOf, postgresPort } from './postgres.mts';
import { runFolder, running } from './processes.mts';
import { readStack } from './settings.mts';

// Beside a running shop: a name of its own, and ports that follow from our pid, below those that the system gives away.
const settings = { STACK: `test-${process.pid}`, PORT_OFFSET: String(10_025 + (process.pid % 70) * 50) };
const stack = readStack(settings);
const cli = join(__dirname, 'stack.mts');

interface Ran {
  readonly code: number | null;
  readonly text: string;
}

const begin = (args: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, ...settings, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function end(child: ChildProcess): Promise<Ran> {
  let text = '';
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (text += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text };
}

const run = (...args: string[]): Promise<Ran> => end(begin(args));

afterAll(async () => {
  await run('clean');
  expect(existsSync(stack.home)).toBe(false);
});

describe('starting and stopping', () => {
  it('brings up what was asked for, and leaves it alone the second time', async () => {
    expect(await run('up', '--only', 'postgres,nginx')).toMatchObject({ code: 0 });
    const before = [running(stack, 'postgres'), running(stack, 'nginx')];
    expect(before).not.toContain(undefined);
    const again = await run('up', '--only', 'postgres,nginx');
    expect(again.text).toMatch(/nginx .* ran already/);
    expect([running(stack, 'postgres'), running(stack, 'nginx')]).toEqual(before);
  });

  it('gives each service a database that its neighbours cannot enter', async () => {
    const { url, ownerUrl } = databaseOf(stack, 'orders');
    const own = await query(url, 'SELECT current_user AS me');
    expect(own).toEqual([{ me: 'orders_app' }]);
    await expect(query(url.replace(/\/orders$/, '/payments'), 'SELECT 1')).rejects.toThrow(
      'permission denied for database',
    );
    await expect(query(url.replace(/\/orders$/, '/postgres'), 'SELECT 1')).rejects.toThrow(
      'permission denied for database',
    );
    await expect(query(url, 'CREATE TABLE mine ()')).rejects.toThrow('permission denied for schema');
    await expect(query(ownerUrl, 'CREATE ROLE another')).rejects.toThrow('permission denied');
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('keeps every secret for its owner alone', () => {
    expect(statSync(join(stack.home, 'secrets')).mode & 0o777).toBe(0o700);
    expect(statSync(join(stack.home, 'secrets', 'postgres-orders_app')).mode & 0o777).toBe(0o600);
    expect(statSync(join(stack.home, 'stack.json')).mode & 0o777).toBe(0o600);
  });

  it('restarts what has died, workers of a killed nginx included', async () => {
    const nginx = running(stack, 'nginx');
    if (nginx === undefined) throw new Error('nginx does not run'); // to signal 0 would end this very test
    process.kill(nginx, 'SIGKILL');
    await eventually(() => expect(running(stack, 'nginx')).toBeUndefined());
    expect(await run('up', '--only', 'postgres,nginx')).toMatchObject({ code: 0 });
    expect(running(stack, 'nginx')).toBeDefined();
  });

  it('leaves no process and no port behind', async () => {
    expect(await run('down')).toMatchObject({ code: 0 });
    expect([running(stack, 'postgres'), running(stack, 'nginx')]).toEqual([undefined, undefined]);
    for (const port of [postgresPort(stack), 8000 + stack.portOffset, 3000 + stack.portOffset])
      expect(await isFree(port)).toBe(true);
    expect(await run('status')).toMatchObject({ code: 3 });
  });

  it('names a port that is taken before anything is started', async () => {
    const other = createServer().listen(postgresPort(stack), '127.0.0.1');
    await once(other, 'listening');
    const { code, text } = await run('up', '--only', 'postgres,nginx');
    other.close();
    expect(code).toBe(1);
    expect(text).toContain(`port ${postgresPort(stack)} (PostgreSQL) is taken by`);
    expect(text).toContain('PORT_OFFSET=');
    expect(running(stack, 'nginx')).toBeUndefined();
  });

  it('names a taken port of an older system, also when the gateway runs already', async () => {
    const port = 8001 + stack.portOffset;
    const up = () => end(begin(['up', '--only', 'nginx'], { LEGACY_PORTS: `${port + 1},${port}` }));
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const taken = { code: 1, text: expect.stringContaining(`port ${port} (the queue dialect of points) is taken by`) };
    expect(await up()).toMatchObject(taken);
    expect(running(stack, 'nginx')).toBeUndefined();
    expect(await run('up', '--only', 'nginx')).toMatchObject({ code: 0 });
    expect(await up()).toMatchObject(taken);
    other.close();
    expect(await up()).toMatchObject({ code: 0 });
    for (const each of [port, port + 1]) expect(await isFree(each)).toBe(false);
    await run('down');
  });

  it('leaves nothing behind when Ctrl-C comes in the middle', async () => {
    const starting = begin(['up', '--only', 'postgres,kafka']);
    const ended = end(starting);
    await eventually(() => expect(running(stack, 'postgres')).toBeDefined(), { within: 30_000 });
    starting.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, text: expect.stringContaining('interrupted') });
    expect([running(stack, 'postgres'), running(stack, 'kafka')]).toEqual([undefined, undefined]);
    expect(await isFree(postgresPort(stack))).toBe(true);
  });

  it('finds what a start has left that was itself killed', async () => {
    const starting = begin(['up', '--only', 'postgres,kafka']);
    const ended = end(starting);
    await eventually(() => expect(running(stack, 'postgres')).toBeDefined(), { within: 30_000 });
    starting.kill('SIGKILL');
    await ended;
    expect(running(stack, 'postgres')).toBeDefined();
    expect(await run('down')).toMatchObject({ code: 0 });
    expect(running(stack, 'postgres')).toBeUndefined();
  });

  it('lets a stop overtake a start that is under way, and no second start', async () => {
    const starting = begin(['up', '--only', 'postgres,kafka']);
    const ended = end(starting);
    await eventually(() => expect(running(stack, 'postgres')).toBeDefined(), { within: 30_000 });
    expect(await run('up', '--only', 'nginx')).toMatchObject({
      code: 1,
      text: expect.stringContaining('is at work on the stack'),
    });
    expect(await run('down')).toMatchObject({ code: 0 });
    expect((await ended).code).toBe(130);
    expect(running(stack, 'postgres')).toBeUndefined();
  });

  it('says what is wrong and where to look when a part does not come up', async () => {
    await run('up', '--only', 'postgres');
    await run('down');
    const version = join(stack.home, 'postgres', 'data', 'PG_VERSION');
    const before = readFileSync(version);
    rmSync(version);
    const { code, text } = await run('up', '--only', 'postgres,nginx');
    expect(code).toBe(1);
    expect(text).toMatch(/postgres ended before it was ready. The end of .*postgres.log:/);
    expect(before.toString()).toBe('18\n');
    expect(existsSync(join(runFolder(stack), 'nginx.pid'))).toBe(false);
  });
});

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
