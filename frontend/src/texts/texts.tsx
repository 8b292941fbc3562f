import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { en, type Texts } from './en.js';
import { createFormats, type Formats, type Language } from './formats.js';

export interface Words {
  readonly language: Language;
  readonly texts: Texts;
  readonly formats: Formats;
  /** Resolves when the page speaks it. */
  speak(language: Language): Promise<void>;
}

const WordsContext = createContext<Words | undefined>(undefined);

/** The sentences and formats of the chosen language. */
export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === undefined) throw new Error('useWords outside of Speaking');
  return words;
}

interface SpeakingProps extends Pick<Words, 'language' | 'texts' | 'speak'> {
  readonly children: ReactNode;
}

export function Speaking({ language, texts, speak, children }: SpeakingProps) {
  const words = useMemo(() => ({ language, texts, speak, formats: createFormats(language) }), [language, texts, speak]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

/** English is at hand; a customer's first view does not pay for the others. */
export async function textsIn(language: Language): Promise<Texts> {
  switch (language) {
    case 'en':
      return en;
    case 'ru':
      return (await import('./ru.js')).ru;
    case 'id':
      return (await import('./id.js')).id;
  }
}
