import { Button, Card, PasswordInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { isProblem, type Credentials } from '@g-store/client';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useConfig } from '../app/config.js';
import { Notice } from '../design/notice.js';
import { AnchorLink } from '../design/links.js';
import { Problem } from '../design/problem.js';
import { Screen } from '../design/screen.js';
import { useWords } from '../texts/texts.js';
import { DemoPeople } from './demo-people-card.js';
import { isStaff, useSession, useShop } from './shop.js';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { texts } = useWords();
  const { session } = useShop();
  const state = useSession();
  const { returnTo } = route.useSearch();
  const navigate = useNavigate();
  const { mode } = useConfig();
  const signIn = useMutation({
    mutationFn: (credentials: Credentials) => session.signIn(credentials),
    onSuccess: (user) => navigate({ href: returnTo ?? (isStaff(user) ? '/staff/orders' : '/') }),
  });
  const form = useForm({
    initialValues: { login: '', password: '' },
    validate: {
      login: (login) => (login.trim() === '' ? texts.session.loginNeeded : null),
      password: (password) => (password === '' ? texts.session.passwordNeeded : null),
    },
  });
  const wrong = isProblem(signIn.error, 'unauthenticated', 'validation_failed');
  return (
    <Screen title={texts.session.signIn}>
      {state.status === 'signed-out' && state.ended && <Notice>{texts.session.ended}</Notice>}
      <SimpleGrid
        cols={{ base: 1, md: mode === 'demo' ? 2 : 1 }}
        style={{ alignItems: 'start' }}
        spacing="xl"
        maw={mode === 'demo' ? undefined : '28rem'}
      >
        <Card component="form" noValidate onSubmit={form.onSubmit((credentials) => signIn.mutate(credentials))}>
          <Stack>
            {signIn.isError && !wrong && <Problem error={signIn.error} onRetry={() => signIn.mutate(form.values)} />}
            <TextInput
              label={texts.session.login}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              {...form.getInputProps('login')}
            />
            <PasswordInput
              label={texts.session.password}
              autoComplete="current-password"
              {...form.getInputProps('password')}
              error={form.errors['password'] ?? (wrong && !signIn.isPending ? texts.session.wrong : undefined)}
            />
            <Button type="submit" loading={signIn.isPending}>
              {texts.menu.signIn}
            </Button>
            <AnchorLink to="/register" search={returnTo === undefined ? {} : { returnTo }}>
              {texts.session.toRegister}
            </AnchorLink>
          </Stack>
        </Card>
        {mode === 'demo' && (
          <DemoPeople onChoose={(credentials) => signIn.mutate(credentials)} busy={signIn.isPending} />
        )}
      </SimpleGrid>
    </Screen>
  );
}
