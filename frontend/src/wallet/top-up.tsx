import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { isProblem, type Account } from '@g-store/client';
import { MAX_AMOUNT } from '@g-store/values';
import { AmountField } from '../design/amount-field.js';
import { useAnnounce } from '../design/announce.js';
import { fieldErrors } from '../design/field-errors.js';
import { Problem } from '../design/problem.js';
import { readAmount } from '../texts/amounts.js';
import { useWords } from '../texts/texts.js';
import { useTopUp } from './actions.js';

/** Puts money into the wallet; what was typed stays until it is in. */
export function TopUp({ account: { id, currency } }: { readonly account: Account }) {
  const { texts, formats } = useWords();
  const announce = useAnnounce();
  const form = useForm({
    initialValues: { amount: '' },
    validate: {
      amount: (typed) => {
        const read = readAmount(typed);
        if (typeof read === 'bigint') return null;
        return read === 'tooLarge'
          ? texts.amountErrors.tooLarge(formats.money(MAX_AMOUNT, currency))
          : texts.amountErrors[read];
      },
    },
  });
  const topUp = useTopUp(id, (amount) => {
    announce(texts.wallet.toppedUp(formats.money(amount, currency)));
    form.reset();
  });
  const errorAtField = isProblem(topUp.error, 'balance_limit')
    ? texts.wallet.limit
    : fieldErrors(topUp.error)['amount'];
  const submit = () => {
    const amount = readAmount(form.values.amount);
    if (typeof amount === 'bigint' && !topUp.isPending) topUp.mutate(amount);
  };
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="sm">
        <div>
          <Title order={2} id="top-up">
            {texts.wallet.topUp}
          </Title>
          <Text size="sm" c="dimmed">
            {texts.wallet.topUpHint}
          </Text>
        </div>
        {topUp.isError && errorAtField === undefined && (
          <Problem error={topUp.error} onRetry={submit} retrying={topUp.isPending} />
        )}
        <Group align="flex-start" gap="sm">
          <AmountField
            label={texts.wallet.amount(currency)}
            style={{ flex: '1 1 10rem' }}
            {...form.getInputProps('amount')}
            error={form.errors['amount'] ?? errorAtField}
          />
          <Button type="submit" loading={topUp.isPending} mt={{ base: 0, xs: 25 }} h={36}>
            {texts.wallet.topUp}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
