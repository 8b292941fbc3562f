import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@g-store/testing';
import { beganAt, membersOfGroup } from './process-table.mts';
import { launch, recordedNames, running, stop } from './processes.mts';
import { readStack } from './settings.mts';

const root = mkdtempSync(join(tmpdir(), 'gstore-stack-'));
const stack = readStack({}, root);
const env = { PATH: process.env['PATH'] ?? '' };
const start = (name: string, script: string) =>
  launch(stack, name, { command: ['/bin/sh', '-c', script], env, cwd: root });
const alive = (pid: number) => beganAt(pid) !== undefined;

afterEach(async () => {
  for (const name of recordedNames(stack)) await stop(stack, name, 'SIGKILL');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a part of the stack', () => {
  it('is known by what is on disk, until it ends', async () => {
    const pid = await start('shop', 'sleep 60 & wait');
    expect(running(stack, 'shop')).toBe(pid);
    expect(await stop(stack, 'shop', 'SIGTERM')).toBe('stopped');
    expect([running(stack, 'shop'), alive(pid), recordedNames(stack)]).toEqual([undefined, false, []]);
    expect(await stop(stack, 'shop', 'SIGTERM')).toBe('absent');
  });

  it('takes its children along, also when it was killed and could not', async () => {
    const pid = await start('shop', 'sleep 60 & sleep 61 & wait');
    await eventually(() => expect(membersOfGroup(pid)).toHaveLength(3));
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(running(stack, 'shop')).toBeUndefined());
    expect(membersOfGroup(pid)).toHaveLength(2);
    await stop(stack, 'shop', 'SIGTERM');
    expect(membersOfGroup(pid)).toEqual([]);
  });

  it('is not confused with a stranger who got its number', async () => {
    const pid = await start('stranger', 'sleep 60');
    const file = join(stack.home, 'run', 'stranger.pid');
    const [, began] = readFileSync(file, 'utf8').split(' ');
    writeFileSync(file, `${pid} earlier-${began}`);
    expect(running(stack, 'stranger')).toBeUndefined();
    expect(await stop(stack, 'stranger', 'SIGTERM')).toBe('absent');
    expect(alive(pid)).toBe(true);
    writeFileSync(file, `${pid} ${began}`);
  });

  it('is stopped even while it is frozen', async () => {
    const pid = await start('frozen', 'exec sleep 60');
    process.kill(pid, 'SIGSTOP');
    expect(await stop(stack, 'frozen', 'SIGTERM')).toBe('stopped');
    expect(alive(pid)).toBe(false);
  });

  it('that ends at once is not running', async () => {
    await start('brief', 'echo gone; exit 3');
    await eventually(() => expect(running(stack, 'brief')).toBeUndefined());
    expect(readFileSync(join(stack.home, 'logs', 'brief.log'), 'utf8')).toBe('gone\n');
  });
});
