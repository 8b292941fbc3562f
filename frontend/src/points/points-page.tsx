import { Soon } from '../app/fallbacks.js';
import { useWords } from '../texts/texts.js';

export function PointsPage() {
  const { texts } = useWords();
  return <Soon title={texts.menu.points} />;
}
