import { Card, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { isProblem } from '@g-store/client';
import { AmountField } from '../design/amount-field.js';
import { useAnnounce } from '../design/announce.js';
import { BusyButton } from '../design/busy-button.js';
import { fieldErrors } from '../design/field-errors.js';
import { Notice } from '../design/notice.js';
import { Problem } from '../design/problem.js';
import { readAmount } from '../texts/amounts.js';
import { useWords } from '../texts/texts.js';
import { numberRefusal, useWithdraw, type Withdrawal } from './actions.js';
import { readOrderNumber } from './order-number.js';

/** Pays for an order elsewhere with points. */
export function WithdrawCard({ balance }: { readonly balance: number }) {
  const { texts } = useWords();
  const words = texts.points.withdraw;
  return (
    <Card component="section" aria-labelledby="withdraw">
      <Title order={2} id="withdraw">
        {words.title}
      </Title>
      <Text c="dimmed" size="sm" mt={4} mb="md">
        {balance === 0 ? words.none : words.hint}
      </Text>
      <WithdrawForm balance={balance} />
    </Card>
  );
}

function WithdrawForm({ balance }: { readonly balance: number }) {
  const { texts, formats } = useWords();
  const words = texts.points.withdraw;
  const announce = useAnnounce();
  const withdraw = useWithdraw();
  const most = words.most(formats.points(balance));
  const form = useForm({
    initialValues: { order: '', sum: '' },
    validate: {
      order: (typed) => {
        const read = readOrderNumber(typed);
        return 'fault' in read ? texts.points.uploads[read.fault] : null;
      },
      sum: (typed) => {
        const points = readAmount(typed, BigInt(balance));
        if (typeof points === 'bigint') return null;
        return points === 'tooLarge' ? most : texts.amountErrors[points];
      },
    },
  });
  const said = ({ order, points }: Withdrawal) => words.done(formats.points(points), order);
  const send = () => {
    const read = readOrderNumber(form.values.order);
    const points = readAmount(form.values.sum, BigInt(balance));
    if ('fault' in read || typeof points !== 'bigint') return;
    withdraw.mutate(
      { order: read.number, points },
      {
        onSuccess: (_, withdrawal) => {
          announce(said(withdrawal));
          form.reset();
        },
        onError: (error) => form.setErrors(errorsIn(error)),
      },
    );
  };
  const errorsIn = (error: unknown): Readonly<Record<string, string>> => {
    if (isProblem(error, 'insufficient_points')) return { sum: texts.problems.insufficient_points.title };
    const refusal = numberRefusal(error);
    return refusal === undefined ? fieldErrors(error) : { order: texts.points.uploads[refusal] };
  };
  const atFields = Object.keys(errorsIn(withdraw.error)).length > 0;
  return (
    <form noValidate onSubmit={form.onSubmit(send)}>
      <Stack gap="sm">
        {withdraw.isError && !atFields && (
          <Problem error={withdraw.error} onRetry={send} retrying={withdraw.isPending} />
        )}
        <TextInput
          label={texts.points.uploads.number}
          inputMode="numeric"
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
          {...form.getInputProps('order')}
        />
        <AmountField label={words.amount} description={most} {...form.getInputProps('sum')} />
        <BusyButton type="submit" busy={withdraw.isPending} style={{ alignSelf: 'flex-start' }}>
          {words.send}
        </BusyButton>
        {withdraw.isSuccess && <Notice>{said(withdraw.variables)}</Notice>}
      </Stack>
    </form>
  );
}
