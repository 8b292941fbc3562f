import { expectStatus, http } from '../shop';
import { gateway, portOf } from '../stack';
import { shopper, type Shopper } from './cast';
import { request, sendRaw, statusesIn } from './wire';

jest.setTimeout(60_000);

let anna: Shopper;
beforeAll(async () => {
  anna = await shopper();
});

const host = 'Host: 127.0.0.1';
const doors = [
  ['the gateway', gateway, '/api/payments'],
  ['payments itself', portOf(8_081), ''],
] as const;

describe.each(doors)('at %s, a request that two could read differently', (_door, to, prefix) => {
  const account = () => `${prefix}/v1/accounts/${anna.accountId}`;
  const topUp = '{"amount":1}';
  /** What a smuggler would like to be taken for a request of its own: it would be told by the balance. */
  const hidden = () =>
    request(
      [
        `PATCH ${account()} HTTP/1.1`,
        host,
        `Authorization: Bearer ${anna.token}`,
        'Content-Type: application/json',
        `Content-Length: ${topUp.length}`,
      ],
      topUp,
    );
  const outer = (...lines: readonly string[]): readonly string[] => [
    `POST ${prefix}/v1/accounts HTTP/1.1`,
    host,
    'Content-Type: application/json',
    ...lines,
  ];
  const chunked = () => `0\r\n\r\n${hidden()}`;

  const tricks: Readonly<Record<string, () => string>> = {
    'both lengths': () => request(outer('Content-Length: 4', 'Transfer-Encoding: chunked'), chunked()),
    'both lengths, the other first': () => request(outer('Transfer-Encoding: chunked', 'Content-Length: 4'), chunked()),
    'two lengths': () => request(outer('Content-Length: 0', `Content-Length: ${hidden().length}`), hidden()),
    'a list of lengths': () => request(outer(`Content-Length: 0, ${hidden().length}`), hidden()),
    'a length with a sign': () => request(outer(`Content-Length: +${hidden().length}`), hidden()),
    'a negative length': () => request(outer('Content-Length: -1'), hidden()),
    'a hexadecimal length': () => request(outer('Content-Length: 0x0'), hidden()),
    'an encoding that is none': () => request(outer('Transfer-Encoding: xchunked'), chunked()),
    'an encoding before the last': () => request(outer('Transfer-Encoding: chunked, identity'), chunked()),
    'an encoding twice': () => request(outer('Transfer-Encoding: chunked', 'Transfer-Encoding: identity'), chunked()),
    'a space before the colon': () => request(outer('Transfer-Encoding : chunked', 'Content-Length: 0'), chunked()),
    'a tab before the encoding': () => request(outer('Transfer-Encoding:\x0bchunked'), chunked()),
    'a folded header': () =>
      request(outer('X-Folded: a', ' Content-Length: 0', 'Transfer-Encoding:', ' chunked'), chunked()),
    'a header without a name': () =>
      request(outer(': chunked', 'Content-Length: 0', 'Transfer-Encoding: chunked'), chunked()),
    'a NUL in a header': () =>
      request(outer('X-Nul: a\0b', 'Transfer-Encoding: chunked', 'Content-Length: 4'), chunked()),
    'a carriage return in a header': () =>
      request(outer('X-Cr: a\rTransfer-Encoding: chunked', 'Content-Length: 4'), chunked()),
    'a chunk of a size that is none': () => request(outer('Transfer-Encoding: chunked'), `zz\r\n${hidden()}`),
    'a chunk of a size that overflows': () =>
      request(outer('Transfer-Encoding: chunked'), `fffffffffffffffff1\r\n${hidden()}`),
    'a chunk that ends otherwise': () => request(outer('Transfer-Encoding: chunked'), `1\r\nxy\r\n${chunked()}`),
  };

  it.each(Object.keys(tricks))('%s: is read as one or refused', async (name) => {
    const before = await balance();
    const heard = await sendRaw(tricks[name]?.() ?? '', { to, until: (text) => statusesIn(text).length > 1 });
    const [status = 0, ...more] = statusesIn(heard);
    // Without a credential there is nothing but a refusal to hear.
    expect([400, 401, 501]).toContain(status);
    expect(more.filter((one) => one < 400)).toEqual([]);
    expect(heard).toContain('application/problem+json');
    expect(await balance()).toBe(before);
  });

  it('lines that end in a bare LF hide nothing', async () => {
    const before = await balance();
    const lines = outer('Content-Length: 0', 'X-Bare: a\nTransfer-Encoding: chunked');
    const heard = await sendRaw(request(lines, chunked()), { to, until: (text) => statusesIn(text).length > 1 });
    expect(statusesIn(heard).filter((status) => status < 400)).toEqual([]);
    expect(await balance()).toBe(before);
  });

  const balance = async (): Promise<number> =>
    expectStatus(await http.get<{ balance: number }>('/api/payments/v1/accounts/mine', anna), 200).balance;
});

describe.each([
  ['the gateway', gateway, '/api/orders/v1/orders'],
  ['orders itself', portOf(8_080), '/v1/orders'],
] as const)('at %s, what is hardly HTTP is answered in its own words', (_door, to, path) => {
  it.each([
    ['a header of 40 KB', ['X-Long: ' + 'x'.repeat(40_000)], [400, 431]],
    ['a token of 1 MB', ['Authorization: Bearer ' + 'x'.repeat(1_000_000)], [400, 431]],
    ['an address of 100 KB', [], [414, 431]],
    ['3,000 headers', Array.from({ length: 3_000 }, (_, index) => `X-${index}: ${'x'.repeat(40)}`), [400, 431]],
    ['two tokens', ['Authorization: Bearer a', 'Authorization: Bearer b'], [400, 401]],
    ['an expectation', ['Expect: 200-ok'], [401, 417]],
    ['an upgrade', ['Connection: upgrade, http2-settings', 'Upgrade: h2c', 'HTTP2-Settings: AA'], [401]],
  ])('%s', async (what, lines, allowed) => {
    const address = what.startsWith('an address') ? `${path}?${'x'.repeat(100_000)}` : path;
    const heard = await sendRaw(request([`GET ${address} HTTP/1.1`, host, ...lines, 'Connection: close']), {
      to,
      until: hasAnswer,
    });
    expect([what, allowed.includes(statusesIn(heard)[0] ?? 0) || statusesIn(heard)]).toEqual([what, true]);
    expect(heard).toMatch(/content-type: application\/problem\+json/i);
    expect(heard).not.toMatch(/<html|nginx\/|express|node/i);
  });

  it.each([
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['a method that is none', request([`GE\tT ${path} HTTP/1.1`, host])],
    ['HTTP 9', request([`GET ${path} HTTP/9.9`, host])],
    ['no host', request([`GET ${path} HTTP/1.1`])],
    ['two hosts', request([`GET ${path} HTTP/1.1`, host, 'Host: elsewhere'])],
    ['a NUL in the address', request([`GET ${path}\0 HTTP/1.1`, host])],
    ['HTTP/2 from the start', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('%s', async (what, bytes) => {
    const heard = await sendRaw(bytes, { to, until: hasAnswer });
    const [status = 0] = statusesIn(heard);
    expect([what, [400, 401, 405, 505].includes(status) || heard]).toEqual([what, true]);
    expect(heard).not.toMatch(/<html|nginx\/|express|node/i);
  });

  it('a method that leads through or back is refused', async () => {
    for (const method of ['TRACE', 'CONNECT', 'TRACK', 'PROPFIND', 'PURGE']) {
      const target = method === 'CONNECT' ? '127.0.0.1:5432' : path;
      const heard = await sendRaw(
        request([`${method} ${target} HTTP/1.1`, host, 'X-Mark: echo', 'Connection: close']),
        {
          to,
          until: hasAnswer,
        },
      );
      // A service ends a CONNECT without a word; there is nothing to be led to.
      const statuses = statusesIn(heard);
      expect([method, statuses.every((status) => [400, 401, 404, 405].includes(status)) || heard]).toEqual([
        method,
        true,
      ]);
      expect(heard).not.toContain('echo');
    }
  });
});

const hasAnswer = (text: string): boolean => /\r\n\r\n[\s\S]*\}/.test(text);
