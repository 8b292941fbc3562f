import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useShop, useUser } from '../session/shop.js';
import { languages, type Language } from '../texts/formats.js';
import { useWords } from '../texts/texts.js';

const ownNames: Readonly<Record<Language, string>> = { en: 'English', ru: 'Русский', id: 'Bahasa Indonesia' };
const schemes = [
  ['light', IconSun],
  ['dark', IconMoon],
  ['auto', IconDeviceDesktop],
] as const;

/** Language, appearance, and the way out. */
export function SettingsMenu() {
  const { texts, language, speak } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const user = useUser();
  const { session } = useShop();
  const navigate = useNavigate();
  const leave = (signOut: () => Promise<void>) => () => {
    // Signed out here at once, also where the shop cannot be told.
    void signOut().catch(() => undefined);
    void navigate({ to: '/sign-in' });
  };
  return (
    <Menu position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={texts.menu.settings}>
          {user ? <IconUserCircle aria-hidden /> : <IconLanguage aria-hidden />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {user && <Menu.Label>{texts.menu.signedInAs(user.name ?? user.login)}</Menu.Label>}
        <Menu.Label>{texts.menu.language}</Menu.Label>
        {languages.map((each) => (
          <Menu.Item
            key={each}
            lang={each}
            role="menuitemradio"
            aria-checked={each === language}
            rightSection={each === language && <IconCheck size={16} aria-hidden />}
            onClick={() => void speak(each)}
          >
            {ownNames[each]}
          </Menu.Item>
        ))}
        <Menu.Label>{texts.menu.scheme}</Menu.Label>
        {schemes.map(([scheme, Glyph]) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={scheme === colorScheme}
            leftSection={<Glyph size={16} aria-hidden />}
            rightSection={scheme === colorScheme && <IconCheck size={16} aria-hidden />}
            onClick={() => setColorScheme(scheme)}
          >
            {texts.menu.schemes[scheme]}
          </Menu.Item>
        ))}
        {user && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave(() => session.signOut())}>
              {texts.menu.signOut}
            </Menu.Item>
            <Menu.Item onClick={leave(() => session.signOutEverywhere())}>{texts.menu.signOutEverywhere}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
