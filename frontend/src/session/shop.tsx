import type { SessionState, ShopClient, User } from '@g-store/client';
import { createContext, useContext, useSyncExternalStore, type ReactNode } from 'react';

const ShopContext = createContext<ShopClient | undefined>(undefined);

export const ShopProvider = ({ shop, children }: { readonly shop: ShopClient; readonly children: ReactNode }) => (
  <ShopContext value={shop}>{children}</ShopContext>
);

/** The shop that this page talks to. */
export function useShop(): ShopClient {
  const shop = useContext(ShopContext);
  if (shop === undefined) throw new Error('useShop outside of ShopProvider');
  return shop;
}

export function useSession(): SessionState {
  const { session } = useShop();
  return useSyncExternalStore(session.onChange, () => session.state);
}

/** Who is signed in, if anybody is. */
export function useUser(): User | undefined {
  const session = useSession();
  return session.status === 'signed-in' ? session.user : undefined;
}

/** Operators see what staff see. */
export const isStaff = ({ roles }: User): boolean => roles.includes('staff') || roles.includes('operator');

export const isOperator = ({ roles }: User): boolean => roles.includes('operator');
