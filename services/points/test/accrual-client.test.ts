import { gzipSync } from 'node:zlib';
import { createAccrualClient } from '../src/outbound/accrual-client.js';
import { answering, processed, startAccrualStandIn } from './accrual-stand-in.js';
import type { AccrualStandIn, Behaviour } from './accrual-stand-in.js';

const number = '12345678903';
const TIME_LIMIT_MS = 300;
let accrual: AccrualStandIn;
beforeEach(async () => (accrual = await startAccrualStandIn()));
afterEach(() => accrual?.[Symbol.asyncDispose]());

async function ask(behaviour: Behaviour, path = '') {
  accrual.always = behaviour;
  using system = createAccrualClient({ address: new URL(accrual.url + path), key: 'k', timeoutMs: TIME_LIMIT_MS });
  return await system.ask(number);
}

const endless: Behaviour = (_request, response) => {
  response.writeHead(200);
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(1_000)));
  };
  response.on('drain', more);
  more();
};

describe('asking an accrual system', () => {
  it('brings its answer, and says who asks', async () => {
    expect(await ask(processed(729.98))).toEqual({ kind: 'processed', accrual: 72_998n });
    expect([accrual.asked, [...accrual.keys]]).toEqual([[number], ['k']]);
  });

  it('takes an address with a slash at its end', async () => {
    expect((await ask(processed(1), '/')).kind).toBe('processed');
    expect(accrual.asked).toEqual([number]);
  });

  it.each<[string, Behaviour]>([
    ['that never answers', () => undefined],
    ['that says its first word and no second', (_request, response) => void response.writeHead(200).write('{')],
    ['that hangs up', (_request, response) => void response.destroy()],
    ['that hangs up in the middle', (_, response) => void response.writeHead(200).write('{', () => response.destroy())],
    ['whose answer is shorter than it says', answering('{}', 200, { 'content-length': '999' })],
    ['whose answer has no end', endless],
    ['whose answer is huge', answering({ order: number, status: 'INVALID', more: 'x'.repeat(1_000_000) })],
    [
      'that packs a bomb',
      (_, response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10_000_000, 32))),
    ],
    ['that fails', answering({ order: number, status: 'INVALID' }, 500)],
    ['that pays less than nothing', processed(-1)],
    ['that pays in words', processed('1')],
  ])('%s brings no decision, in good time', async (_what, behaviour) => {
    const began = performance.now();
    expect((await ask(behaviour)).kind).toBe('failed');
    expect(performance.now() - began).toBeLessThan(TIME_LIMIT_MS + 500);
  });

  it('never follows it elsewhere', async () => {
    const elsewhere = await startAccrualStandIn();
    elsewhere.always = processed(1_000_000);
    const answer = await ask(answering('', 302, { location: `${elsewhere.url}/api/orders/${number}` }));
    expect([answer.kind, elsewhere.asked]).toEqual(['failed', []]);
    await elsewhere[Symbol.asyncDispose]();
  });

  it('that is not there brings no decision', async () => {
    using system = createAccrualClient({ address: new URL('http://127.0.0.1:1') });
    expect((await system.ask(number)).kind).toBe('failed');
  });

  it('a hundred times at once uses no more connections than it may', async () => {
    accrual.always = processed(1);
    using system = createAccrualClient({ address: new URL(accrual.url), concurrency: 4 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => system.ask(number)));
    expect(answers.every(({ kind }) => kind === 'processed')).toBe(true);
    expect(accrual.mostConnections()).toBe(4);
  });
});
