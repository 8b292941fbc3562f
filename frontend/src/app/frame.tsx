import { AppShell, Burger, Container, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ButtonLink } from '../design/links.js';
import { ConnectionBanner } from '../live/connection-banner.js';
import { Bell } from '../notifications/bell.js';
import { useSession, useUser } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import classes from './frame.module.css';
import { menuFor } from './menu.js';
import { SettingsMenu } from './settings-menu.js';

/** What is round every screen: the name of the shop, the menu of this person's role, settings, and how the connection is. */
export function Frame() {
  const { texts } = useWords();
  const session = useSession();
  const user = useUser();
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 'var(--header-height)' }}
      navbar={{ width: 280, breakpoint: 'md', collapsed: { desktop: true, mobile: !opened } }}
      padding={0}
    >
      <a className={classes['skip']} href="#content">
        {texts.menu.skip}
      </a>
      <AppShell.Header className={classes['header']}>
        <Container size="var(--page-width)" h="100%">
          <Group h="100%" gap="lg" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={texts.menu.open}
              aria-expanded={opened}
            />
            <Link to="/" className={classes['brand']}>
              <img src="/icon.svg" alt="" width={30} height={30} />
              {texts.shop.name}
            </Link>
            <nav aria-label={texts.menu.main} className={classes['menu']}>
              <MenuLinks />
            </nav>
            <Group gap="xs" ml="auto" wrap="nowrap">
              {user !== undefined && <Bell />}
              {session.status === 'signed-out' && (
                <ButtonLink to="/sign-in" size="sm">
                  {texts.menu.signIn}
                </ButtonLink>
              )}
              <SettingsMenu />
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      {opened && (
        <AppShell.Navbar p="md" aria-label={texts.menu.main} component="nav">
          <Stack gap={4} className={classes['drawer']}>
            <MenuLinks />
          </Stack>
        </AppShell.Navbar>
      )}
      <AppShell.Main id="content" tabIndex={-1} className={classes['main']}>
        <Container size="var(--page-width)" py="xl">
          <Stack gap="lg">
            <ConnectionBanner />
            <Outlet />
          </Stack>
        </Container>
      </AppShell.Main>
      <footer className={`${classes['footer']} no-print`}>
        <Container size="var(--page-width)">
          <Group justify="space-between" gap="sm">
            <span>{texts.shop.claim}</span>
            <a href="/docs/">{texts.menu.docs}</a>
          </Group>
        </Container>
      </footer>
    </AppShell>
  );
}

function MenuLinks() {
  const { texts } = useWords();
  return menuFor(useUser()).map(({ to, label, icon: Glyph }) => (
    <Link key={to} to={to} className={classes['link']} activeOptions={{ exact: to === '/' }}>
      <Glyph size={18} stroke={1.75} aria-hidden />
      {label(texts)}
    </Link>
  ));
}
