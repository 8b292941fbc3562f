import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useWords } from '../texts/texts.js';
import { eventTypes, isId, publishers, readEventsSearch, type EventsSearch } from './addresses.js';
import { fromField, toField } from './event-times.js';
import classes from './operations.module.css';
import type { EventsFilter } from './queries.js';

interface Props {
  readonly filter: EventsFilter;
  readonly onShow: (filter: EventsFilter) => void;
}

type Field = Exclude<keyof EventsSearch, 'follow'>;

/** What of the events is wanted; it stands in the address once it is asked for. */
export function EventsFilterForm({ filter, onShow }: Props) {
  const words = useWords().texts.operations;
  const named = words.events;
  const [draft, setDraft] = useState<Readonly<Record<Field, string>>>({
    type: filter.type ?? '',
    service: filter.service ?? '',
    orderId: filter.orderId ?? '',
    account: filter.account ?? '',
    from: toField(filter.from),
    to: toField(filter.to),
  });
  const [wrong, setWrong] = useState(false);
  const field = (name: Field) => ({
    label: { ...named, orderId: named.order }[name],
    value: draft[name],
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      setDraft((before) => ({ ...before, [name]: value })),
  });
  const show = (event: FormEvent) => {
    event.preventDefault();
    const { from, to, ...typed } = draft;
    const orderId = typed.orderId.trim();
    setWrong(orderId !== '' && !isId(orderId));
    if (orderId !== '' && !isId(orderId)) return;
    onShow(readEventsSearch({ ...typed, orderId, from: fromField(from), to: fromField(to) }));
  };
  return (
    <form onSubmit={show}>
      <Stack gap="md">
        <div className={classes['filter']}>
          <NativeSelect {...field('type')} data={[{ value: '', label: words.every }, ...eventTypes]} />
          <NativeSelect {...field('service')} data={[{ value: '', label: words.every }, ...publishers]} />
          <TextInput
            {...field('orderId')}
            error={wrong && words.journey.notAnId}
            autoComplete="off"
            spellCheck={false}
          />
          <TextInput {...field('account')} autoComplete="off" spellCheck={false} maxLength={200} />
          <TextInput {...field('from')} type="datetime-local" step={1} />
          <TextInput {...field('to')} type="datetime-local" step={1} />
        </div>
        <Group gap="sm">
          <Button type="submit">{named.apply}</Button>
          {Object.keys(filter).length > 0 && (
            <Button variant="default" onClick={() => onShow({})}>
              {named.clear}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
