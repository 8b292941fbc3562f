import { IconBell } from '@tabler/icons-react';
import { IconLink } from '../design/links.js';
import { useWords } from '../texts/texts.js';
import classes from './bell.module.css';
import { useCentreFollowsNews, useUnread } from './use-unread.js';

/** The way to the notification centre, and how many wait there. */
export function Bell() {
  const { texts, formats } = useWords();
  const unread = useUnread();
  useCentreFollowsNews();
  return (
    <IconLink
      to="/notifications"
      variant="subtle"
      size="lg"
      aria-label={texts.menu.unread(unread)}
      className={classes['bell']}
    >
      <IconBell aria-hidden />
      {unread > 0 && (
        <span className={classes['count']} aria-hidden>
          {unread > 99 ? '99+' : formats.number(unread)}
        </span>
      )}
    </IconLink>
  );
}
