import { TextInput, type TextInputProps } from '@mantine/core';

/** A field for an amount: typed as people do, with a comma or a point; the form reads it with `readAmount`. */
export const AmountField = (props: TextInputProps) => (
  <TextInput inputMode="decimal" autoComplete="off" spellCheck={false} maxLength={40} {...props} />
);
