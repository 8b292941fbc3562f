import { Stack, Title } from '@mantine/core';
import { IconBellOff, IconChecks } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useAnnounce } from '../design/announce.js';
import { BusyButton } from '../design/busy-button.js';
import { Empty } from '../design/empty.js';
import { FreshPill } from '../design/fresh-pill.js';
import { ButtonLink } from '../design/links.js';
import { MoreButton } from '../design/more-button.js';
import { PaperList } from '../design/paper-list.js';
import { Problem } from '../design/problem.js';
import { QueryView } from '../design/query-view.js';
import { Screen } from '../design/screen.js';
import { useSettledRows } from '../design/settled-rows.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { useMarkRead } from './actions.js';
import { Line } from './line.js';
import { notificationsQuery, type NotificationPages } from './queries.js';
import { byDay, daysBetween, orderNumbers } from './reading.js';
import { useUnread } from './use-unread.js';

export function NotificationsPage() {
  const { texts } = useWords();
  const words = texts.notifications;
  const announce = useAnnounce();
  const news = useInfiniteQuery(notificationsQuery(useShop()));
  const unread = useUnread();
  const markRead = useMarkRead();
  return (
    <Screen
      title={words.title}
      intro={words.unreadCount(unread)}
      actions={
        <BusyButton
          size="sm"
          variant="default"
          leftSection={<IconChecks size={18} aria-hidden />}
          aria-busy={markRead.isPending}
          busy={unread === 0 || (markRead.isPending && markRead.variables === undefined)}
          onClick={() => markRead.mutate(undefined, { onSuccess: () => announce(words.allRead) })}
        >
          {words.markAllRead}
        </BusyButton>
      }
    >
      {markRead.isError && <Problem error={markRead.error} onRetry={() => markRead.mutate(markRead.variables)} />}
      <QueryView query={news} lines={6}>
        {(pages) => (
          <Stack gap="lg">
            <Days pages={pages} allRead={unread === 0} onRead={(id) => markRead.mutate(id)} />
            <MoreButton query={news} label={words.more} />
          </Stack>
        )}
      </QueryView>
    </Screen>
  );
}

interface DaysProps {
  readonly pages: NotificationPages;
  /** Even of those that have gone from the pages since. */
  readonly allRead: boolean;
  readonly onRead: (id: string) => void;
}

function Days({ pages, allRead, onRead }: DaysProps) {
  const { texts, formats } = useWords();
  const words = texts.notifications;
  const { rows, fresh, showFresh, patch } = useSettledRows(
    'all',
    pages.pages.flatMap(({ notifications }) => notifications),
  );
  if (rows.length === 0)
    return (
      <Empty title={words.empty} next={words.emptyNext} icon={IconBellOff}>
        <ButtonLink to="/">{texts.page.home}</ButtonLink>
      </Empty>
    );
  const now = new Date().toISOString();
  const read = (id: string) => {
    patch((row) => (row.id === id ? { ...row, readAt: now } : row));
    onRead(id);
  };
  const numberById = orderNumbers(rows);
  const dayName = (at: string): string => {
    const ago = daysBetween(at, now);
    if (ago === 0) return words.today;
    return ago === 1 ? words.yesterday : formats.day(at);
  };
  return (
    <div>
      <FreshPill count={fresh} label={words.fresh(fresh)} onShow={showFresh} />
      <Stack gap="lg">
        {byDay(rows).map(({ at, notifications }) => (
          <section key={at} aria-label={dayName(at)}>
            <Title order={2} mb="xs">
              {dayName(at)}
            </Title>
            <PaperList>
              {notifications.map((each) => (
                <Line
                  key={each.id}
                  notification={each}
                  orderNumber={numberById.get(each.orderId ?? '')}
                  unread={each.readAt === undefined && !allRead}
                  onRead={read}
                />
              ))}
            </PaperList>
          </section>
        ))}
      </Stack>
    </div>
  );
}
