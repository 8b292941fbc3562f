import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState, type Ref } from 'react';
import { useWords } from '../texts/texts.js';

interface Props {
  readonly ref: Ref<HTMLInputElement>;
  /** What the address says. */
  readonly value: string;
  readonly onSearch: (q: string) => void;
}

/** Searches while somebody types; the address follows. */
export function QueueSearchField({ ref, value, onSearch }: Props) {
  const { texts } = useWords();
  const words = texts.staff.queue;
  const [typed, setTyped] = useState(value);
  const soon = useDebouncedCallback(onSearch, 300);
  // The address may change by itself: back, or a link. What is typed with a space at its end is the same search.
  useEffect(() => setTyped((before) => (before.trim() === value ? before : value)), [value]);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(typed.trim());
      }}
    >
      <TextInput
        ref={ref}
        type="text"
        inputMode="search"
        label={words.search}
        description={words.searchHint}
        value={typed}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        leftSection={<IconSearch size={18} aria-hidden />}
        rightSection={
          typed !== '' && (
            <CloseButton
              aria-label={words.clear}
              onClick={() => {
                setTyped('');
                onSearch('');
              }}
            />
          )
        }
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          soon(currentTarget.value.trim());
        }}
        onKeyDown={({ key, currentTarget }) => key === 'Escape' && currentTarget.blur()}
        maw="32rem"
      />
    </form>
  );
}
