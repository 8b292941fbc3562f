import { requestIn } from './request.mts';

const known = ['order.events', 'payment.events'];
const now = Date.parse('2026-11-27T12:00:00Z');
const read = (...args: readonly string[]) => requestIn(args, known, now);

describe('what is to be sent again', () => {
  it('is every topic since then, unless some are named', () => {
    const all = { since: new Date('2026-11-27T10:00:00Z'), topics: known, dryRun: false };
    expect(read('--since', '2h')).toEqual(all);
    expect(read('--since', '2026-11-27T10:00:00Z')).toEqual(all);
    expect(read('--since', '2026-11-27T12:00:00+02:00')).toEqual(all);
    expect(read('--since', '2h', '--topic', 'order.events', '--topic', 'order.events', '--dry-run')).toEqual({
      ...all,
      topics: ['order.events'],
      dryRun: true,
    });
  });

  it.each([
    [[], '--since is missing'],
    [['--since', 'yesterday'], 'write 90s'],
    [['--since', '2026-11-27'], 'write 90s'],
    [['--since', '2026-11-27T10:00:00'], 'write 90s'],
    [['--since', '2026-13-27T10:00:00Z'], 'write 90s'],
    [['--since', '2026-11-28T10:00:00Z'], 'still to come'],
    [['--since', '2h', '--topic', 'orders'], 'there is no such topic; there are order.events, payment.events'],
    [['--until', '2h'], "Unknown option '--until'"],
  ])('is not guessed from %j', (args, because) => expect(() => read(...args)).toThrow(because));

  it('is told about on request, whatever else is asked', () =>
    expect(read('--help', '--since', 'now')).toBeUndefined());
});
