import { Button, type ButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef } from 'react';

interface Props extends ButtonProps, Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> {
  readonly busy: boolean;
}

/** A button whose act is under way does nothing more, and keeps focus; disabled, as `loading` makes it, it would lose it. */
export const BusyButton = ({ busy, onClick, ...props }: Props) => (
  <Button
    {...(busy && { 'data-disabled': true, 'aria-disabled': true, 'aria-busy': true })}
    {...props}
    onClick={(event) => {
      if (busy) event.preventDefault();
      else onClick?.(event);
    }}
  />
);
