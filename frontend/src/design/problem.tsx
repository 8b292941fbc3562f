import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { isProblem } from '@g-store/client';
import { useWords } from '../texts/texts.js';
import { CopyText } from './copy-text.js';
import { useCountdown } from './use-countdown.js';

interface Props {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  readonly retrying?: boolean;
}

/** What went wrong, what to do about it, what to tell those who look into it, and the button that tries again. */
export function Problem({ error, onRetry, retrying = false }: Props) {
  const { texts, language } = useWords();
  const problem = isProblem(error) ? error : undefined;
  const left = useCountdown(problem?.retryAfter, error);
  const { title, next } = texts.problems[problem?.code ?? 'unreachable'];
  return (
    <Alert role="alert" color="clay" variant="light" icon={<IconAlertTriangle aria-hidden />} title={title}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{next}</Text>
        {problem !== undefined && language === 'en' && problem.detail !== problem.title && (
          <Text size="sm" c="dimmed">
            {sentence(problem.detail)}
          </Text>
        )}
        {(onRetry !== undefined || problem?.traceId !== undefined) && (
          <Group gap="sm">
            {onRetry !== undefined && (
              <Button size="sm" variant="default" onClick={onRetry} loading={retrying} disabled={left > 0}>
                {left > 0 ? texts.page.retryIn(left) : texts.page.retry}
              </Button>
            )}
            {problem?.traceId !== undefined && <TraceId id={problem.traceId} />}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

function TraceId({ id }: { readonly id: string }) {
  const { texts } = useWords();
  return (
    <Group gap={6}>
      <Text size="xs" c="dimmed">
        {texts.page.traceId}
      </Text>
      <CopyText value={id} label={texts.page.copy} />
    </Group>
  );
}

const sentence = (detail: string): string =>
  `${detail.charAt(0).toUpperCase()}${detail.slice(1)}${/[.!?]$/.test(detail) ? '' : '.'}`;
