import { Avatar, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import type { Credentials } from '@g-store/client';
import { useWords } from '../texts/texts.js';
import classes from './demo-people.module.css';
import { demoPasswordOf, demoPeople } from './demo-people.js';

interface Props {
  readonly onChoose: (credentials: Credentials) => void;
  readonly busy: boolean;
}

/** The people of a demonstration, each one click away, in their own language. */
export function DemoPeople({ onChoose, busy }: Props) {
  const { texts, speak } = useWords();
  return (
    <Stack gap="sm" component="section" aria-labelledby="demo-people">
      <div>
        <Title order={2} id="demo-people">
          {texts.session.demo}
        </Title>
        <Text c="dimmed" size="sm">
          {texts.session.demoHint}
        </Text>
      </div>
      {demoPeople.map(({ login, name, role, language }) => (
        <UnstyledButton
          key={login}
          className={classes['person']}
          disabled={busy}
          onClick={() => {
            void speak(language);
            onChoose({ login, password: demoPasswordOf(login) });
          }}
        >
          <Avatar name={name} color={role === 'customer' ? 'pine' : 'brass'} radius="xl" aria-hidden />
          <span>
            <Text component="span" display="block" fw={600} lang={language}>
              {name}
            </Text>
            <Text component="span" display="block" size="sm" c="dimmed">
              {texts.session.demoRoles[role]} · {language.toUpperCase()}
            </Text>
          </span>
        </UnstyledButton>
      ))}
    </Stack>
  );
}
