import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { client, createDatabase, eventually, freePort, freePorts, type TestDatabase } from '@g-store/testing';
import { startAccrualStandIn, unknown } from './accrual-stand-in.js';
import { newCustomer, newNumber } from './customer.js';
import { run, start } from './running-programs.js';

let database: TestDatabase;
beforeAll(async () => void (database = await createDatabase()));
afterAll(() => database.drop());

describe('told something wrong', () => {
  it('a program says all of it in one message and does not start', async () => {
    const env = { RUN_ADDRESS: 'nowhere', ACCRUAL_SYSTEM_ADDRESS: 'ftp://x' };
    const { code, output } = await run('gophermart', { args: ['-x', '-d', 'mysql://x'], env }).end();
    expect(code).toBe(1);
    for (const part of ['-x is no flag', "RUN_ADDRESS (or the flag -a) is 'nowhere'", 'DATABASE_URI', 'ACCRUAL_SYSTEM'])
      expect(output).toContain(part);
    expect(output.trim().split('\n')).toHaveLength(5);
  });

  it('and a password in what it was told is not shown', async () => {
    const { output } = await run('accrual', { env: { DATABASE_URI: 'mysql://me:hunter2@x/y' } }).end();
    expect(output).toContain('DATABASE_URI');
    expect(output).not.toContain('hunter2');
  });

  it('a database that is not there, or an address that is taken, ends it with one line', async () => {
    const nowhere = await run('accrual', { env: { DATABASE_URI: 'postgres://x@127.0.0.1:1/x' } }).end();
    expect([nowhere.code, nowhere.output]).toEqual([1, expect.stringMatching(/could not start: .*ECONNREFUSED.*\n$/)]);
    await using first = await start('accrual', { env: { DATABASE_URI: database.ownerUrl } });
    const RUN_ADDRESS = first.url.replace('http://', '');
    const second = await run('accrual', { env: { DATABASE_URI: database.ownerUrl, RUN_ADDRESS } }).end();
    expect([second.code, second.output]).toEqual([1, expect.stringContaining('EADDRINUSE')]);
  });
});

describe('where a program listens', () => {
  it.each([
    ['localhost', '127.0.0.1'],
    ['', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
  ])('%j is reached at %s', async (host, reached) => {
    const port = await freePort();
    const env = { DATABASE_URI: database.ownerUrl, RUN_ADDRESS: `${host}:${port}` };
    const program = run('accrual', { env });
    const http = client(`http://${reached}:${port}`);
    await eventually(async () => (await http.get('/readyz')).status === 200, { within: 60_000, every: 50 });
    await program.end('SIGTERM');
  });

  it('is told by flags, over which variables win; no other variable is looked at', async () => {
    const [byFlag = 0, byVariable = 0] = await freePorts(2);
    const args = ['-a', `localhost:${byFlag}`, `-d=${database.ownerUrl}`];
    const others = { PORT: 'x', HOST: 'x', GSTORE_MODE: 'x', LOG_LEVELS: 'x', DATABASE_URL: 'x', KAFKA_BROKERS: 'x' };
    for (const [port, env] of [
      [byFlag, others],
      [byVariable, { RUN_ADDRESS: `localhost:${byVariable}` }],
    ] as const) {
      const program = run('accrual', { args, env });
      const http = client(`http://127.0.0.1:${port}`);
      await eventually(async () => (await http.get('/livez')).status === 200, { within: 60_000, every: 50 });
      expect((await program.end('SIGTERM')).code).toBe(0);
    }
  });
});

describe.each(['SIGINT', 'SIGTERM'] as const)('at %s', (signal) => {
  it('both programs end by themselves, and well, while there is work in hand', async () => {
    await using slow = await startAccrualStandIn();
    slow.answer(() => undefined); // never answers
    const env = { DATABASE_URI: database.ownerUrl };
    await using accrual = await start('accrual', { env });
    await using mart = await start('gophermart', { env: { ...env, ACCRUAL_SYSTEM_ADDRESS: slow.url } });
    const customer = await newCustomer(mart.url);
    for (let at = 0; at < 3; at += 1) await customer.upload(newNumber());
    await eventually(() => slow.asked.length > 0, { within: 20_000 });
    const inHand = Promise.allSettled(Array.from({ length: 20 }, () => customer.upload(newNumber())));
    const [ended, accrualEnded] = await Promise.all([mart.end(signal), accrual.end(signal)]);
    expect([ended, accrualEnded].map(({ code, signal: by }) => [code, by])).toEqual([
      [0, null],
      [0, null],
    ]);
    for (const reply of await inHand)
      if (reply.status === 'fulfilled') expect([202, 503]).toContain(reply.value.status);
    slow.answer(unknown);
  });
});

describe('bin/gophermart and bin/accrual', () => {
  const root = join(__dirname, '../../..');
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'gophermart-bin-'));
    cpSync(join(root, 'bin'), join(copy, 'bin'), { recursive: true });
    mkdirSync(join(copy, 'tools'));
    cpSync(join(root, 'tools/with-node24.sh'), join(copy, 'tools/with-node24.sh'));
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  const build = () => {
    mkdirSync(join(copy, 'editions/gophermart/dist'), { recursive: true });
    for (const name of ['gophermart', 'accrual'])
      writeFileSync(
        join(copy, `editions/gophermart/dist/${name}-main.js`),
        `console.log(JSON.stringify(['${name}', process.pid, ...process.argv.slice(2)]));`,
      );
  };
  const called = (path: string, args: readonly string[], PATH: string) =>
    promisify(execFile)(path, [...args], { env: { PATH } }).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr }),
    );
  const withNode = `${dirname(process.execPath)}:/usr/bin:/bin`;

  it('say what to do while nothing is built', async () => {
    for (const name of ['gophermart', 'accrual'])
      expect(await called(join(copy, 'bin', name), [], withNode)).toEqual({
        code: 1,
        said: expect.stringMatching(/not built yet: run 'make build'/),
      });
  });

  it('say what to do while there is no Node 24', async () => {
    build();
    const tools = join(copy, 'path');
    mkdirSync(tools);
    for (const tool of ['sh', 'sed', 'dirname', 'readlink']) symlinkSync(`/bin/${tool}`, join(tools, tool));
    expect(await called(join(copy, 'bin/gophermart'), [], tools)).toMatchObject({
      code: 1,
      said: expect.stringContaining('No Node 24 yet'),
    });
  });

  it('become the program, with every flag, from wherever they are called, through a link too', async () => {
    build();
    const link = join(copy, 'mart');
    symlinkSync(join(copy, 'bin/gophermart'), link);
    expect(JSON.parse((await called(link, ['-a', 'with space:1'], withNode)).said)).toEqual([
      'gophermart',
      expect.any(Number),
      '-a',
      'with space:1',
    ]);
    // One process all along: a signal to it reaches the program.
    const shell = join(copy, 'print-pid.sh');
    writeFileSync(shell, `#!/bin/sh\necho $$\nexec ${join(copy, 'bin/accrual')}\n`);
    chmodSync(shell, 0o755);
    const [pid, program] = (await called(shell, [], withNode)).said.trim().split('\n');
    expect(JSON.parse(program ?? '')).toEqual(['accrual', Number(pid)]);
  });
});
