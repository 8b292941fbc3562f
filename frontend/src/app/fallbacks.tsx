import { Button, Group } from '@mantine/core';
import { IconAlertTriangle, IconCompass, IconLock } from '@tabler/icons-react';
import { type ErrorComponentProps } from '@tanstack/react-router';
import { ShopProblem, ShopUnreachable } from '@g-store/client';
import { Empty } from '../design/empty.js';
import { ButtonLink } from '../design/links.js';
import { Problem } from '../design/problem.js';
import { Screen } from '../design/screen.js';
import { useWords } from '../texts/texts.js';

export function NotFound() {
  const { texts } = useWords();
  return (
    <Screen title={texts.page.notFound}>
      <Empty title={texts.page.notFoundNext} icon={IconCompass}>
        <ButtonLink to="/">{texts.page.home}</ButtonLink>
      </Empty>
    </Screen>
  );
}

/** `to`: whose part it is. */
export function Forbidden({ to = 'staff' }: { readonly to?: 'staff' | 'operators' }) {
  const { texts } = useWords();
  const { title, next } = texts.page.forbidden[to];
  return (
    <Screen title={title}>
      <Empty title={next} icon={IconLock}>
        <Group>
          <ButtonLink to="/sign-in">{texts.menu.signIn}</ButtonLink>
          <ButtonLink to="/" variant="default">
            {texts.page.home}
          </ButtonLink>
        </Group>
      </Empty>
    </Screen>
  );
}

/** The shop's refusals in the shop's words; anything else is a fault of the page, which a fresh one may not have. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const { texts } = useWords();
  if (error instanceof ShopProblem || error instanceof ShopUnreachable)
    return <Problem error={error} onRetry={reset} />;
  return (
    <Screen title={texts.page.broken}>
      <Empty title={texts.page.brokenNext} icon={IconAlertTriangle}>
        <Button onClick={() => location.reload()}>{texts.page.reload}</Button>
      </Empty>
    </Screen>
  );
}
