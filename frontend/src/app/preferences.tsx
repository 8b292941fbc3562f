import { useCallback, useState, type ReactNode } from 'react';
import type { Texts } from '../texts/en.js';
import { languages, type Language } from '../texts/formats.js';
import { Speaking, textsIn } from '../texts/texts.js';

const place = 'gstore.language';

/** What was chosen here before, else the first language of the device that we speak. */
export function preferredLanguage(): Language {
  const wished = [remembered(), ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  return wished.map((tag) => languages.find((language) => language === tag)).find(Boolean) ?? 'en';
}

/** A browser may refuse its storage; then a choice lasts as long as the page. */
function remembered(): string | undefined {
  try {
    return localStorage.getItem(place) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(place, language);
  } catch {
    // See above.
  }
}

interface Props {
  readonly initial: { readonly language: Language; readonly texts: Texts };
  readonly children: ReactNode;
}

/** Speaks the language that was chosen, and remembers another choice. */
export function Preferences({ initial, children }: Props) {
  const [spoken, setSpoken] = useState(initial);
  const speak = useCallback(async (language: Language) => {
    const texts = await textsIn(language);
    document.documentElement.lang = language;
    remember(language);
    setSpoken({ language, texts });
  }, []);
  return (
    <Speaking {...spoken} speak={speak}>
      {children}
    </Speaking>
  );
}
