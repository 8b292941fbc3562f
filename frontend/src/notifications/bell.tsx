import { IconBell } from '@tabler/icons-react';
import { IconLink } from '../design/links.js';
import { useWords } from '../texts/texts.js';

/** The way to the notification centre. */
export function Bell() {
  const { texts } = useWords();
  return (
    <IconLink to="/notifications" variant="subtle" size="lg" aria-label={texts.menu.unread(0)}>
      <IconBell aria-hidden />
    </IconLink>
  );
}
