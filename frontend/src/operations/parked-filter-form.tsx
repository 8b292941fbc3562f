import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useWords } from '../texts/texts.js';
import { parkedStates } from './addresses.js';
import classes from './operations.module.css';
import type { ParkedWanted } from './parked-page.js';

/** Of which topic, which key, and in what state. */
export function ParkedFilterForm({ wanted }: { readonly wanted: ParkedWanted }) {
  const words = useWords().texts.operations;
  const navigate = useNavigate();
  const [draft, setDraft] = useState(wanted);
  const show = (event: FormEvent) => {
    event.preventDefault();
    const [topic, key] = [draft.topic.trim(), draft.key.trim()];
    void navigate({
      to: '/operations/parked',
      search: { service: wanted.service, state: draft.state, ...(topic && { topic }), ...(key && { key }) },
    });
  };
  return (
    <form onSubmit={show} className={classes['filter']}>
      <NativeSelect
        label={words.parked.state}
        value={draft.state}
        onChange={({ currentTarget: { value } }) =>
          setDraft({ ...draft, state: parkedStates.find((state) => state === value) ?? 'waiting' })
        }
        data={parkedStates.map((state) => ({ value: state, label: words.parked.states[state] }))}
      />
      <TextInput
        label={words.parked.topic}
        value={draft.topic}
        onChange={({ currentTarget }) => setDraft({ ...draft, topic: currentTarget.value })}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
      />
      <TextInput
        label={words.parked.key}
        value={draft.key}
        onChange={({ currentTarget }) => setDraft({ ...draft, key: currentTarget.value })}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
      />
      <Button type="submit" variant="default">
        {words.events.apply}
      </Button>
    </form>
  );
}
