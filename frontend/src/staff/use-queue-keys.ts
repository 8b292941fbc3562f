import { useEffect, useRef, useState, type RefObject } from 'react';
import { commandOf } from './keys.js';

const place = 'gstore.keys';

interface Parts {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly list: RefObject<HTMLElement | null>;
  readonly onHelp: () => void;
}

export interface QueueKeys {
  readonly on: boolean;
  turn(on: boolean): void;
}

/** Single keys in the queue. Who dictates, or types with other means, can turn them off; the browser remembers it. */
export function useQueueKeys({ field, list, onHelp }: Parts): QueueKeys {
  const [on, setOn] = useState(remembered);
  const help = useRef(onHelp);
  useEffect(() => {
    help.current = onHelp;
  });
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTaken(event.target)) return;
      const command = commandOf(event);
      if (command === undefined) return;
      event.preventDefault();
      if (command === 'search') field.current?.focus();
      else if (command === 'help') help.current();
      else focusRow(list.current, command === 'next' ? 1 : -1);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [on, field, list]);
  const turn = (next: boolean) => {
    setOn(next);
    remember(next);
  };
  return { on, turn };
}

/** Somebody is typing, or in a dialog or menu that has keys of its own. */
const isTaken = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [role=dialog], [role=menu]') !== null;

function focusRow(list: HTMLElement | null, by: 1 | -1): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by;
  rows[next]?.focus();
}

/** A browser may refuse its storage; then the choice lasts as long as the page. */
function remembered(): boolean {
  try {
    return localStorage.getItem(place) !== 'off';
  } catch {
    return true;
  }
}

function remember(on: boolean): void {
  try {
    localStorage.setItem(place, on ? 'on' : 'off');
  } catch {
    // See above.
  }
}
