import { Button, Menu, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useWords } from '../texts/texts.js';
import classes from './staff.module.css';
import type { Offer, StoreReason, WhyNot } from './steps.js';

interface Props {
  readonly offer: Offer;
  readonly onCancel: (reason: StoreReason) => void;
}

/** What else there is. What is not its turn can be reached, too, and says why. */
export function MoreMenu({ offer, onCancel }: Props) {
  const { texts } = useWords();
  const words = texts.staff.order;
  const why = (whyNot: WhyNot): string =>
    whyNot === 'later'
      ? words.whyNot.later(offer.next === undefined ? '' : words.steps[offer.next])
      : words.whyNot[whyNot];
  const item = (name: string, whyNot: WhyNot | undefined, onClick?: () => void) => (
    <Menu.Item
      key={name}
      {...(whyNot !== undefined && { 'aria-disabled': true, closeMenuOnClick: false })}
      {...(whyNot === undefined && onClick !== undefined && { onClick, className: classes['danger'] })}
    >
      {name}
      {whyNot !== undefined && (
        <Text span display="block" size="sm" c="dimmed">
          {why(whyNot)}
        </Text>
      )}
    </Menu.Item>
  );
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start" width={300} portalProps={{ target: '#content' }}>
      <Menu.Target>
        <Button size="lg" variant="default" rightSection={<IconChevronDown size={18} aria-hidden />}>
          {words.more}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {offer.cancel.map(({ action, whyNot }) => item(words.cancel[action], whyNot, () => onCancel(action)))}
        <Menu.Divider role="separator" />
        {offer.steps.map(({ action, whyNot }) => item(words.steps[action], whyNot))}
      </Menu.Dropdown>
    </Menu>
  );
}
