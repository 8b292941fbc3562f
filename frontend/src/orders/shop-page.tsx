import { Soon } from '../app/fallbacks.js';
import { useWords } from '../texts/texts.js';

export function ShopPage() {
  const { texts } = useWords();
  return <Soon title={texts.menu.shop} />;
}
