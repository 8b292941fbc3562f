import type { User } from '@g-store/client';
import {
  IconActivityHeartbeat,
  IconClipboardList,
  IconReceipt,
  IconShoppingBag,
  IconSparkles,
  IconWallet,
  type Icon,
} from '@tabler/icons-react';
import { isOperator, isStaff } from '../session/shop.js';
import type { Texts } from '../texts/en.js';

export interface MenuEntry {
  readonly to: '/' | '/orders' | '/wallet' | '/points' | '/staff/orders' | '/operations';
  readonly label: (texts: Texts) => string;
  readonly icon: Icon;
}

const shop: MenuEntry = { to: '/', label: ({ menu }) => menu.shop, icon: IconShoppingBag };
const customer: readonly MenuEntry[] = [
  { to: '/orders', label: ({ menu }) => menu.orders, icon: IconReceipt },
  { to: '/wallet', label: ({ menu }) => menu.wallet, icon: IconWallet },
  { to: '/points', label: ({ menu }) => menu.points, icon: IconSparkles },
];
const staff: readonly MenuEntry[] = [{ to: '/staff/orders', label: ({ menu }) => menu.queue, icon: IconClipboardList }];
const operator: readonly MenuEntry[] = [
  { to: '/operations', label: ({ menu }) => menu.operations, icon: IconActivityHeartbeat },
];

/** What is offered to whom. */
export const menuFor = (user: User | undefined): readonly MenuEntry[] =>
  user === undefined
    ? [shop]
    : [...(isOperator(user) ? operator : []), ...(isStaff(user) ? staff : []), shop, ...customer];
