import { mostWithin, startAccrualSystem } from './accrual-system.mts';

describe('how often an accrual system was asked', () => {
  it('is the most in any minute, not in those of a clock', () => {
    expect(mostWithin([0, 1, 2, 59, 60, 61, 62, 200], 60)).toBe(4);
    expect(mostWithin([0, 60], 60)).toBe(1);
    expect(mostWithin([], 60)).toBe(0);
  });

  it('is counted, and beyond what it allows everybody is told how much that is and when to come again', async () => {
    await using system = await startAccrualSystem({ answerMs: 1, perMinute: 2 });
    const ask = (order: string) => fetch(`${system.url}/api/orders/${order}`);
    expect(await (await ask('42')).json()).toEqual({ order: '42', status: 'PROCESSED', accrual: 5 });
    expect(await (await ask('100')).json()).toEqual({ order: '100', status: 'INVALID' });
    const refused = await ask('43');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await refused.text()).toBe('No more than 2 requests per minute allowed');
    await ask('44'); // may have been under way
    expect(system.seen()).toEqual({ asked: 4, refused: 2, tooEarly: 0, mostInAMinute: 4 });
  });
});
