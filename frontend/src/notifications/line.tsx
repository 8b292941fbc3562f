import type { Notification } from '@g-store/client';
import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import {
  IconProgressCheck,
  IconReceipt,
  IconReceiptRefund,
  IconSparkles,
  IconWallet,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import { useRef } from 'react';
import { useConfig } from '../app/config.js';
import { AnchorLink } from '../design/links.js';
import { Moment } from '../design/moment.js';
import { useWords } from '../texts/texts.js';
import classes from './notifications.module.css';
import { sentenceOf } from './sentence.js';

const glyphs: Readonly<Record<Notification['kind'], Icon>> = {
  'order.placed': IconReceipt,
  'order.status.changed': IconProgressCheck,
  'order.cancelled': IconX,
  'payment.refunded': IconReceiptRefund,
  'balance.changed': IconWallet,
  'points.changed': IconSparkles,
};

interface Props {
  readonly notification: Notification;
  readonly orderNumber: string | undefined;
  readonly unread: boolean;
  readonly onRead: (id: string) => void;
}

/** One of the news, and whether it has been read: by a mark and a word, not by weight alone. */
export function Line({ notification, orderNumber, unread, onRead }: Props) {
  const { texts, formats } = useWords();
  const { currency } = useConfig();
  const words = texts.notifications;
  const { id, kind, orderId, at } = notification;
  const sentence = useRef<HTMLParagraphElement>(null);
  const Glyph = (glyphs as Readonly<Partial<Record<string, Icon>>>)[kind] ?? IconReceipt;
  return (
    <li className={classes['line']} data-unread={unread}>
      <Glyph size={22} stroke={1.75} aria-hidden />
      <div className={classes['text']}>
        <Text fw={unread ? 600 : 400} id={`news-${id}`} ref={sentence} tabIndex={-1}>
          {unread && <VisuallyHidden>{words.unread}: </VisuallyHidden>}
          {sentenceOf(notification, { texts, formats, currency }, orderNumber)}
        </Text>
        <Group gap="md">
          <Text size="sm" c="dimmed">
            <Moment at={at} as="time" />
          </Text>
          {orderId !== undefined && (
            <AnchorLink
              to="/orders/$orderId"
              params={{ orderId }}
              size="sm"
              aria-describedby={`news-${id}`}
              onClick={() => unread && onRead(id)}
            >
              {words.see}
            </AnchorLink>
          )}
        </Group>
      </div>
      {unread && (
        <Button
          size="compact-sm"
          variant="default"
          aria-describedby={`news-${id}`}
          onClick={() => {
            // The button goes; who came by keyboard stays at this line.
            sentence.current?.focus();
            onRead(id);
          }}
        >
          {words.markRead}
        </Button>
      )}
    </li>
  );
}
