import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconLanguage, IconLogout, IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react';
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
    <Menu position="bottom-end" width={260} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={texts.menu.settings}>
          {user ? <IconUserCircle aria-hidden /> : <IconLanguage aria-hidden />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {user && <Menu.Label>{texts.menu.signedInAs(user.name ?? user.login)}</Menu.Label>}
        <Menu.Label>{texts.menu.language}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(each) => void speak(each as Language)}>
          {languages.map((each) => (
            <Menu.RadioItem key={each} value={each} lang={each} closeMenuOnClick>
              {ownNames[each]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Label>{texts.menu.scheme}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
          {schemes.map(([scheme, Glyph]) => (
            <Menu.RadioItem key={scheme} value={scheme} rightSection={<Glyph size={16} aria-hidden />} closeMenuOnClick>
              {texts.menu.schemes[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
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
