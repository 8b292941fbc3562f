import { Soon } from '../app/fallbacks.js';
import { useWords } from '../texts/texts.js';

export function MyOrdersPage() {
  const { texts } = useWords();
  return <Soon title={texts.menu.orders} />;
}
