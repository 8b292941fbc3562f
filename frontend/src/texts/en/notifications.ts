import { pluralIn } from '../plural.js';

const count = pluralIn('en');

export const notifications = {
  title: 'Notifications',
  empty: 'No news yet',
  emptyNext: 'Every step of your orders and every change of your wallet will stand here.',
  today: 'Today',
  yesterday: 'Yesterday',
  unread: 'Unread',
  unreadCount: (n: number) => (n === 0 ? 'All read.' : count(n, { one: '# unread.', other: '# unread.' })),
  markRead: 'Mark as read',
  markAllRead: 'Mark all as read',
  allRead: 'All are read now.',
  fresh: (n: number) => count(n, { one: 'Show # new', other: 'Show # new' }),
  more: 'Show older news',
  see: 'See the order',
  placed: (number: string, amount: string) => `Order ${number} over ${amount} is placed.`,
  moved: (state: string) => `Your order: ${state}`,
  cancelled: 'Your order was cancelled.',
  refunded: (amount: string) => `${amount} came back to your wallet.`,
  money: (what: string, change: string, balance: string) => `${what}: ${change}. In your wallet: ${balance}.`,
  points: (what: string, change: string, balance: string) => `${what}: ${change} points. You have ${balance}.`,
  pointsKinds: {
    EARNED: 'Earned',
    SPENT: 'Paid for an order',
    RETURNED: 'Given back',
    ADJUSTED: 'By the shop',
    WITHDRAWN: 'Paid elsewhere',
  },
  other: 'Something has changed.',
};
