import type { ParkedMessage } from '@g-store/client';
import { useWords } from '../texts/texts.js';

/** For how long it has been parked as the shop counts; the clock of this device may be wrong. */
export function ParkedAge({ message: { ageSeconds, parkedAt } }: { readonly message: ParkedMessage }) {
  const { texts, formats } = useWords();
  return (
    <time dateTime={parkedAt} title={formats.instant(parkedAt)}>
      {texts.operations.parked.age(formats.duration(ageSeconds * 1_000))}
    </time>
  );
}
