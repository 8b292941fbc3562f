import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useWords } from '../texts/texts.js';
import { eventTypes, isId, publishers } from './addresses.js';
import { fromField, toField } from './event-times.js';
import classes from './operations.module.css';
import type { EventsFilter } from './queries.js';

interface Props {
  readonly filter: EventsFilter;
  readonly onShow: (filter: EventsFilter) => void;
}

/** What of the events is wanted; it stands in the address once it is asked for. */
export function EventsFilterForm({ filter, onShow }: Props) {
  const words = useWords().texts.operations;
  const named = words.events;
  const [draft, setDraft] = useState({
    type: filter.type ?? '',
    service: filter.service ?? '',
    orderId: filter.orderId ?? '',
    account: filter.account ?? '',
    from: toField(filter.from),
    to: toField(filter.to),
  });
  const [wrong, setWrong] = useState(false);
  const field = (name: keyof typeof draft) => ({
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
    onShow(filled({ ...typed, orderId, account: typed.account.trim(), from: fromField(from), to: fromField(to) }));
  };
  const types = filter.type === undefined ? eventTypes : [...new Set([...eventTypes, filter.type])];
  return (
    <form onSubmit={show}>
      <Stack gap="md">
        <div className={classes['filter']}>
          <NativeSelect {...field('type')} data={[{ value: '', label: words.every }, ...types]} />
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

const filled = (fields: Readonly<Record<string, string | undefined>>): EventsFilter =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
