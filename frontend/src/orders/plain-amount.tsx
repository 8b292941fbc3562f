import { Card, Stack, Text, TextInput } from '@mantine/core';
import { MAX_AMOUNT } from '@g-store/values';
import { useState } from 'react';
import { AmountField } from '../design/amount-field.js';
import { readAmount } from '../texts/amounts.js';
import { useWords } from '../texts/texts.js';
import type { Basket } from './basket.js';

interface Props {
  readonly basket: Basket;
  readonly currency: string;
  readonly onChange: (basket: Basket) => void;
  readonly onSubmit: () => void;
  /** What the shop says about the fields. */
  readonly errors: Readonly<Record<string, string>>;
}

/** An order of a sum, for something that is not on the shelves. */
export function PlainAmount({ basket, currency, onChange, onSubmit, errors }: Props) {
  const { texts, formats } = useWords();
  const [left, setLeft] = useState(false);
  const read = readAmount(basket.amount);
  const fault = left && basket.amount !== '' && typeof read === 'string' ? read : undefined;
  return (
    <Card
      component="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setLeft(true);
        onSubmit();
      }}
    >
      <Stack maw="26rem">
        <Text c="dimmed">{texts.catalogue.plainHint}</Text>
        <AmountField
          label={texts.catalogue.plainLabel(currency)}
          value={basket.amount}
          onChange={({ currentTarget }) => onChange({ ...basket, amount: currentTarget.value })}
          onBlur={() => setLeft(true)}
          error={
            fault === undefined
              ? errors['amount']
              : fault === 'tooLarge'
                ? texts.amountErrors.tooLarge(formats.money(MAX_AMOUNT, currency))
                : texts.amountErrors[fault]
          }
        />
        <TextInput
          label={texts.catalogue.describe}
          description={texts.catalogue.describeHint}
          maxLength={1_000}
          value={basket.description}
          onChange={({ currentTarget }) => onChange({ ...basket, description: currentTarget.value })}
          error={errors['description']}
        />
        {/* Enter in a field places the order, as the button beside it does. */}
        <input type="submit" hidden />
      </Stack>
    </Card>
  );
}
