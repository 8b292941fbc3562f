import { Button, Card, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { isProblem } from '@g-store/client';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { fieldErrors } from '../design/field-errors.js';
import { AnchorLink } from '../design/links.js';
import { Problem } from '../design/problem.js';
import { Screen } from '../design/screen.js';
import { useWords } from '../texts/texts.js';
import { useShop } from './shop.js';

const route = getRouteApi('/register');

/** Characters as people count them, not as computers store them. */
const lengthOf = (text: string): number => [...text].length;

export function RegisterPage() {
  const { texts } = useWords();
  const { session } = useShop();
  const { returnTo } = route.useSearch();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { login: '', password: '', name: '' },
    validate: {
      login: (login) =>
        login !== login.trim() || lengthOf(login) < 1 || lengthOf(login) > 64 ? texts.session.loginRule : null,
      password: (password) => (lengthOf(password) < 8 || lengthOf(password) > 128 ? texts.session.passwordRule : null),
    },
  });
  const register = useMutation({
    mutationFn: ({ login, password, name }: typeof form.values) =>
      session.register({ login, password, ...(name.trim() !== '' && { name: name.trim() }) }),
    onSuccess: () => navigate({ href: returnTo ?? '/' }),
    onError: (error) =>
      form.setErrors(isProblem(error, 'login_taken') ? { login: texts.session.taken } : fieldErrors(error)),
  });
  const atFields = isProblem(register.error, 'login_taken') || Object.keys(fieldErrors(register.error)).length > 0;
  return (
    <Screen title={texts.session.register}>
      <Card component="form" maw="28rem" noValidate onSubmit={form.onSubmit((person) => register.mutate(person))}>
        <Stack>
          {register.isError && !atFields && (
            <Problem
              error={register.error}
              onRetry={() => register.mutate(form.values)}
              retrying={register.isPending}
            />
          )}
          <TextInput
            label={texts.session.login}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps('login')}
          />
          <PasswordInput
            label={texts.session.password}
            description={texts.session.passwordHint}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <TextInput
            label={texts.session.name}
            description={texts.session.nameHint}
            autoComplete="name"
            maxLength={100}
            {...form.getInputProps('name')}
          />
          <Button type="submit" loading={register.isPending}>
            {texts.session.register}
          </Button>
          <AnchorLink to="/sign-in" search={returnTo === undefined ? {} : { returnTo }}>
            {texts.session.toSignIn}
          </AnchorLink>
        </Stack>
      </Card>
    </Screen>
  );
}
