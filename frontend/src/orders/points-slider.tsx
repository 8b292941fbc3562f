import { Slider, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { useWords } from '../texts/texts.js';

interface Props {
  readonly balance: number;
  /** In 1/100 point, like the chosen ones. */
  readonly most: bigint;
  readonly value: bigint;
  readonly onChange: (points: bigint) => void;
}

/** How much is paid with points: whole ones, and at the end all that can be. */
export function PointsSlider({ balance, most, value, onChange }: Props) {
  const { texts, formats } = useWords();
  const id = useId();
  const steps = Number((most + 99n) / 100n);
  const at = (step: number): bigint => (BigInt(step) * 100n < most ? BigInt(step) * 100n : most);
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} id={id}>
        {texts.catalogue.pointsToSpend}
      </Text>
      <Text size="sm" c="dimmed">
        {balance === 0 ? texts.catalogue.pointsNone : texts.catalogue.pointsHave(formats.points(balance))}
      </Text>
      {balance > 0 && (
        <Slider
          max={Math.max(1, steps)}
          disabled={steps === 0}
          value={Number((value + 99n) / 100n)}
          onChange={(step) => onChange(at(step))}
          label={(step) => formats.points(at(step))}
          thumbProps={{ 'aria-labelledby': id, 'aria-valuetext': formats.points(value) }}
          size="md"
          thumbSize={24}
          my="xs"
        />
      )}
    </Stack>
  );
}
