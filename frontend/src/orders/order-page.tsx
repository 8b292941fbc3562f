import { Soon } from '../app/fallbacks.js';
import { useWords } from '../texts/texts.js';

export function OrderPage() {
  const { texts } = useWords();
  return <Soon title={texts.menu.orders} />;
}
