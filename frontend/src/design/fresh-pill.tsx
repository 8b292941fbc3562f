import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useAnnounce } from './announce.js';
import classes from './fresh-pill.module.css';

interface Props {
  readonly count: number;
  /** `Show 3 new orders`. */
  readonly label: string;
  readonly onShow: () => void;
}

/** What has come waits here until somebody wants it, so that no row jumps away under a pointer. */
export function FreshPill({ count, label, onShow }: Props) {
  const announce = useAnnounce();
  const place = useRef<HTMLDivElement>(null);
  const show = () => {
    // The button goes; who came by keyboard goes on with the first row.
    place.current?.focus();
    onShow();
  };
  useEffect(() => {
    if (count > 0) announce(label);
  }, [count, label, announce]);
  return (
    <div className={classes['place']} ref={place} tabIndex={-1}>
      {count > 0 && (
        <Button size="sm" radius="xl" onClick={show} leftSection={<IconArrowUp size={16} aria-hidden />}>
          {label}
        </Button>
      )}
    </div>
  );
}
