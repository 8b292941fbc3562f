export type Status = 'PENDING' | 'PAID' | 'ASSEMBLING' | 'ASSEMBLED' | 'DELIVERING' | 'ISSUED' | 'CANCELLED';

/** Where an order is brought to: a state, or a cancellation and who it is by. */
export type Goal =
  | Exclude<Status, 'PENDING' | 'CANCELLED'>
  | 'CHANGED_MIND'
  | 'OUT_OF_STOCK'
  | 'DELIVERY_UNAVAILABLE'
  | 'INSUFFICIENT_FUNDS'
  | 'INSUFFICIENT_POINTS'
  | 'NO_PAYMENT_ACCOUNT';

export interface Wish {
  /** Tells the order from the others of the same person, so that it is placed once. */
  readonly description: string;
  readonly wanted: (
    | { readonly amount: number }
    | { readonly items: readonly ({ readonly quantity: number } & Record<string, string | number>)[] }
  ) & {
    /** In 1/100 point. */
    readonly pointsToSpend?: number;
  };
  readonly goal: Goal;
}

/** A receipt from elsewhere that somebody has handed in for its reward. */
export interface Receipt {
  readonly number: string;
  /** What the accrual system knows of it; a receipt that it does not know stays NEW. */
  readonly goods?: readonly { readonly description: string; readonly price: number }[];
  readonly goal: 'NEW' | 'INVALID' | 'PROCESSED';
}

export interface Person {
  readonly login: string;
  /** Minor units on the account; without it the person has none. */
  readonly money?: number;
  /** Given by the shop, in 1/100 point. */
  readonly points?: number;
  readonly wishes: readonly Wish[];
  readonly receipts?: readonly Receipt[];
  /** Points drawn out against an order from elsewhere. */
  readonly withdrawal?: { readonly order: string; readonly sum: number };
}

/** What goods are rewarded with. */
export const rewards = [
  { match: 'Bork', reward: 10, reward_type: '%' },
  { match: 'tea', reward: 5, reward_type: '%' },
  { match: 'Notebook', reward: 15, reward_type: 'pt' },
] as const;

const of = (sku: string, quantity = 1) => ({ sku, quantity });

/** Who is in the demo, what they have and what became of what they wanted: each state, and each way to be cancelled. */
export const people: readonly Person[] = [
  {
    login: 'alice',
    money: 10_000_000,
    points: 150_000,
    receipts: [
      { number: '4100000000012', goods: [{ description: 'Чайник Bork', price: 7_000 }], goal: 'PROCESSED' },
      { number: '4100000000020', goods: [{ description: 'A ladder', price: 120 }], goal: 'INVALID' },
      { number: '4100000000038', goal: 'NEW' },
    ],
    withdrawal: { order: '4100000000046', sum: 150.5 },
    wishes: [
      {
        description: 'A candle, partly with points',
        wanted: { items: [of('CANDLE-CEDAR')], pointsToSpend: 20_000 },
        goal: 'PAID',
      },
      { description: 'A teapot for the office', wanted: { items: [of('TEAPOT-IRON')] }, goal: 'PAID' },
      { description: 'Something warm for grandmother', wanted: { items: [of('BLANKET-WOOL')] }, goal: 'ASSEMBLING' },
      { description: 'Mugs, one each', wanted: { items: [of('MUG-BLUE', 4), of('TEA-JASMINE')] }, goal: 'ASSEMBLED' },
      {
        description: 'For the long walk',
        wanted: { items: [of('BACKPACK-20L'), of('UMBRELLA-WIND')] },
        goal: 'DELIVERING',
      },
      {
        description: 'Notebooks for the course',
        wanted: { items: [of('NOTEBOOK-A5', 3), of('PEN-FOUNTAIN')] },
        goal: 'ISSUED',
      },
      {
        description: 'A parcel with a note',
        wanted: { items: [of('CANDLE-CEDAR'), { description: 'Gift wrap with a note', price: 15_000, quantity: 1 }] },
        goal: 'ISSUED',
      },
      { description: 'A lamp after all', wanted: { items: [of('LAMP-DESK')] }, goal: 'CHANGED_MIND' },
      { description: 'Every fox there is', wanted: { items: [of('STICKER-FOX', 200)] }, goal: 'OUT_OF_STOCK' },
    ],
  },
  {
    login: 'ivan',
    money: 500_000,
    wishes: [
      { description: 'Кофе на кухню', wanted: { items: [of('COFFEE-BEANS')] }, goal: 'PAID' },
      { description: 'Подарочная карта', wanted: { amount: 50_000 }, goal: 'ISSUED' },
      { description: 'Чай на дачу', wanted: { items: [of('TEA-JASMINE')] }, goal: 'DELIVERY_UNAVAILABLE' },
      { description: 'На все баллы', wanted: { amount: 10_000, pointsToSpend: 10_000 }, goal: 'INSUFFICIENT_POINTS' },
      { description: 'Рюкзак в поход', wanted: { items: [of('BACKPACK-20L')] }, goal: 'INSUFFICIENT_FUNDS' },
    ],
  },
  {
    login: 'sari',
    points: 30_000,
    wishes: [
      { description: 'Hadiah, dibayar dengan poin', wanted: { amount: 25_000, pointsToSpend: 25_000 }, goal: 'PAID' },
      { description: 'Payung untuk musim hujan', wanted: { items: [of('UMBRELLA-WIND')] }, goal: 'NO_PAYMENT_ACCOUNT' },
    ],
  },
];

const path: readonly Status[] = ['PENDING', 'PAID', 'ASSEMBLING', 'ASSEMBLED', 'DELIVERING', 'ISSUED'];

export type Step =
  | { readonly do: 'wait' }
  | { readonly do: 'advance'; readonly to: Status }
  | { readonly do: 'cancel'; readonly by: 'customer' | 'staff'; readonly reason: string }
  | { readonly do: 'nothing'; readonly arrived: boolean };

/** What brings an order nearer to its goal; nothing once it is there, or when somebody has taken it elsewhere. */
export function nextStep(status: Status, reason: string | undefined, goal: Goal): Step {
  if (status === 'PENDING') return { do: 'wait' };
  if (status === 'CANCELLED') return { do: 'nothing', arrived: reason === goal };
  switch (goal) {
    case 'CHANGED_MIND':
      return status === 'PAID' ? { do: 'cancel', by: 'customer', reason: goal } : { do: 'nothing', arrived: false };
    case 'OUT_OF_STOCK':
    case 'DELIVERY_UNAVAILABLE':
      return status === 'PAID' ? { do: 'cancel', by: 'staff', reason: goal } : { do: 'nothing', arrived: false };
    case 'INSUFFICIENT_FUNDS':
    case 'INSUFFICIENT_POINTS':
    case 'NO_PAYMENT_ACCOUNT':
      return { do: 'nothing', arrived: false };
    default: {
      const to = path[path.indexOf(status) + 1];
      const before = path.indexOf(status) < path.indexOf(goal);
      return before && to ? { do: 'advance', to } : { do: 'nothing', arrived: status === goal };
    }
  }
}
