import { rewardFor } from './reward.js';
import type { Good, Rule } from './reward.js';

const good = (description: string, price: bigint, quantity = 1): Good => ({ description, price, quantity });
const percent = (match: string, reward: bigint): Rule => ({ match, reward, rewardType: '%' });
const points = (match: string, reward: bigint): Rule => ({ match, reward, rewardType: 'pt' });

describe('the reward of an order', () => {
  it('is a percentage of what matches, half a hundredth rounded up', () => {
    expect(rewardFor([good('Чайник Bork', 1_459_950n)], [percent('Bork', 500n)])).toBe(72_998n);
  });

  it('is so many points for each piece that matches', () => {
    expect(rewardFor([good('Kettle Bork', 100n, 3)], [points('Bork', 1_000n)])).toBe(3_000n);
  });

  it('adds up every rule that meets a good, and every good', () => {
    const goods = [good('Чайник Bork', 100_00n), good('Утюг Bork', 50_00n), good('Хлеб', 30_00n)];
    expect(rewardFor(goods, [percent('Bork', 10_00n), points('Чайник', 7_00n)])).toBe(10_00n + 5_00n + 7_00n);
  });

  it('looks for the match anywhere in the description, letter by letter', () => {
    expect(rewardFor([good('aBorkb', 100_00n)], [percent('Bork', 1_00n)])).toBe(1_00n);
    expect(rewardFor([good('bork', 100_00n)], [percent('Bork', 1_00n)])).toBeUndefined();
  });

  it('is none when no rule meets any of the goods, which is not the same as 0', () => {
    expect(rewardFor([good('Хлеб', 30_00n)], [percent('Bork', 500n)])).toBeUndefined();
    expect(rewardFor([], [percent('Bork', 500n)])).toBeUndefined();
    expect(rewardFor([good('Bork', 0n)], [percent('Bork', 500n)])).toBe(0n);
  });
});
