export type QueueCommand = 'search' | 'next' | 'previous' | 'help';

/** What of a keyboard event tells the command. */
export interface Keystroke {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** The command of a single key; where the keyboard writes another script, by the place of the key. */
export function commandOf({ key, code, ctrlKey, altKey, metaKey }: Keystroke): QueueCommand | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  if (key === '/') return 'search';
  if (key === '?') return 'help';
  const letter = isLatin(key) ? key.toLowerCase() : letterAt[code];
  if (letter === 'j') return 'next';
  return letter === 'k' ? 'previous' : undefined;
}

const isLatin = (key: string): boolean => /^[\u0000-\u024f]/.test(key);

const letterAt: Readonly<Partial<Record<string, string>>> = { KeyJ: 'j', KeyK: 'k' };
