import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useAnnounce } from '../design/announce.js';
import { FatePill } from '../design/fate-pill.js';
import { Moment } from '../design/moment.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import classes from './points.module.css';
import { uploadsQuery } from './queries.js';
import { decidedSince, type Upload } from './uploads.js';

const SHOWN_AT_FIRST = 5;

/** The numbers that were handed in, and their fate as it becomes known. */
export function Uploads() {
  const { texts } = useWords();
  const words = texts.points.uploads;
  const uploads = useQuery(uploadsQuery(useShop()));
  useFateAnnounced(uploads.data);
  const [all, setAll] = useState(false);
  return (
    <Stack gap="xs">
      <Title order={3}>{words.list}</Title>
      <QueryView query={uploads} lines={2}>
        {(list) =>
          list.length === 0 ? (
            <Text c="dimmed" size="sm">
              {words.empty}. {words.emptyNext}
            </Text>
          ) : (
            <>
              <ul className={classes['lines']}>
                {(all ? list : list.slice(0, SHOWN_AT_FIRST)).map((upload) => (
                  <Line key={upload.number} upload={upload} />
                ))}
              </ul>
              {!all && list.length > SHOWN_AT_FIRST && (
                <Button variant="default" size="sm" onClick={() => setAll(true)}>
                  {words.rest(list.length - SHOWN_AT_FIRST)}
                </Button>
              )}
            </>
          )
        }
      </QueryView>
    </Stack>
  );
}

function Line({ upload: { number, status, earned, at } }: { readonly upload: Upload }) {
  const { texts, formats } = useWords();
  return (
    <li>
      <div>
        <Text fw={550}>{number}</Text>
        <Text size="sm" c="dimmed">
          <Moment at={at} />
        </Text>
      </div>
      <Group gap="sm" justify="flex-end">
        <FatePill fate={status} />
        {earned !== undefined && <Text fw={650}>{texts.points.uploads.earned(formats.points(earned))}</Text>}
      </Group>
    </li>
  );
}

function useFateAnnounced(now: readonly Upload[] | undefined): void {
  const { texts } = useWords();
  const announce = useAnnounce();
  const before = useRef(now);
  useEffect(() => {
    if (now === undefined) return;
    const decided = decidedSince(before.current ?? [], now);
    before.current = now;
    const sentences = decided.map(({ number, status }) =>
      texts.points.uploads.became(number, texts.points.fates[status]),
    );
    if (sentences.length > 0) announce(sentences.join('. '));
  }, [now, announce, texts]);
}
