import { percentHalfUp } from '@g-store/values';

export const rewardTypes = ['%', 'pt'] as const;
export type RewardType = (typeof rewardTypes)[number];

/** So many percent of the price, or so many points, for each good whose description has `match` in it. */
export interface Rule {
  readonly match: string;
  /** In 1/100 of a percent or of a point; above 0. */
  readonly reward: bigint;
  readonly rewardType: RewardType;
}

/** One line of an order. */
export interface Good {
  readonly description: string;
  /** Of one piece, in minor units. */
  readonly price: bigint;
  readonly quantity: number;
}

/** In 1/100 point, every rule that meets a good counted; undefined when none meets any. */
export function rewardFor(goods: readonly Good[], rules: readonly Rule[]): bigint | undefined {
  let reward: bigint | undefined;
  for (const good of goods)
    for (const rule of rules) {
      if (good.description.includes(rule.match)) reward = (reward ?? 0n) + rewardOf(good, rule);
    }
  return reward;
}

const rewardOf = ({ price, quantity }: Good, { reward, rewardType }: Rule): bigint => {
  const pieces = BigInt(quantity);
  return rewardType === '%' ? percentHalfUp(price * pieces, reward) : reward * pieces;
};
