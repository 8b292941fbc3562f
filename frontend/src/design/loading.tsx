import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useWords } from '../texts/texts.js';

/** Grey lines in the place of what is coming, but only after 200 ms: what comes at once does not flicker. */
export function Loading({ lines = 4 }: { readonly lines?: number }) {
  const { texts } = useWords();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Stack gap="sm" aria-busy style={{ visibility: shown ? 'visible' : 'hidden' }}>
      <VisuallyHidden>{texts.page.loading}</VisuallyHidden>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={index === 0 ? 28 : 56} width={index === 0 ? '45%' : '100%'} radius="md" />
      ))}
    </Stack>
  );
}
