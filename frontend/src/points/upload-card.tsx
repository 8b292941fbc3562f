import { Card, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useAnnounce } from '../design/announce.js';
import { BusyButton } from '../design/busy-button.js';
import { fieldErrors } from '../design/field-errors.js';
import { Notice } from '../design/notice.js';
import { Problem } from '../design/problem.js';
import { useWords } from '../texts/texts.js';
import { numberRefusal, useHandIn } from './actions.js';
import { readOrderNumber } from './order-number.js';
import { Uploads } from './uploads-list.js';

/** An order number goes in, and what it earns is seen to come. */
export function UploadCard() {
  const { texts } = useWords();
  const words = texts.points.uploads;
  const announce = useAnnounce();
  const handIn = useHandIn();
  const form = useForm({
    initialValues: { number: '' },
    validate: {
      number: (typed) => {
        const read = readOrderNumber(typed);
        return 'fault' in read ? words[read.fault] : null;
      },
    },
  });
  const send = () => {
    const read = readOrderNumber(form.values.number);
    if ('fault' in read) return;
    handIn.mutate(read.number, {
      onSuccess: (isNew) => {
        announce(isNew ? words.accepted(read.number) : words.again(read.number));
        form.reset();
      },
      onError: (error) => {
        const refusal = numberRefusal(error);
        form.setErrors(refusal === undefined ? fieldErrors(error) : { number: words[refusal] });
      },
    });
  };
  return (
    <Card component="section" aria-labelledby="hand-in">
      <Stack>
        <div>
          <Title order={2} id="hand-in">
            {words.title}
          </Title>
          <Text c="dimmed" size="sm" mt={4}>
            {words.hint}
          </Text>
        </div>
        <form noValidate onSubmit={form.onSubmit(send)}>
          <Stack gap="sm">
            {handIn.isError && numberRefusal(handIn.error) === undefined && (
              <Problem error={handIn.error} onRetry={send} retrying={handIn.isPending} />
            )}
            <TextInput
              label={words.number}
              inputMode="numeric"
              autoComplete="off"
              spellCheck={false}
              maxLength={300}
              {...form.getInputProps('number')}
            />
            <BusyButton type="submit" busy={handIn.isPending} style={{ alignSelf: 'flex-start' }}>
              {words.send}
            </BusyButton>
          </Stack>
        </form>
        {handIn.isSuccess && (
          <Notice>{handIn.data ? words.accepted(handIn.variables) : words.again(handIn.variables)}</Notice>
        )}
        <Uploads />
      </Stack>
    </Card>
  );
}
