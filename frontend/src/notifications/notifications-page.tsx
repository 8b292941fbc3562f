import { Soon } from '../app/fallbacks.js';
import { useWords } from '../texts/texts.js';

export function NotificationsPage() {
  const { texts } = useWords();
  return <Soon title={texts.menu.notifications} />;
}
