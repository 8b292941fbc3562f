import { useEffect, useState } from 'react';
import { emptyBasket, type Basket } from './basket.js';

const place = 'gstore.basket';

/** Kept while this tab is open: through signing in, a reload, the back button. */
export function useBasket() {
  const [basket, setBasket] = useState(remembered);
  useEffect(() => {
    try {
      sessionStorage.setItem(place, JSON.stringify(basket));
    } catch {
      // A browser without storage keeps it as long as the screen.
    }
  }, [basket]);
  return [basket, setBasket] as const;
}

function remembered(): Basket {
  try {
    return { ...emptyBasket, ...(JSON.parse(sessionStorage.getItem(place) ?? '{}') as Partial<Basket>) };
  } catch {
    return emptyBasket;
  }
}
