import type { ServiceName } from '@g-store/client';
import { Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Moment } from '../design/moment.js';
import { MoreButton } from '../design/more-button.js';
import { PaperList } from '../design/paper-list.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { ActorName } from '../staff/actor-name.js';
import { useWords } from '../texts/texts.js';
import classes from './operations.module.css';
import { auditQuery } from './queries.js';

/** Who did what to this service, the newest first. */
export function AuditList({ service }: { readonly service: ServiceName }) {
  const words = useWords().texts.operations.parked;
  const audit = useInfiniteQuery(auditQuery(useShop(), service));
  return (
    <QueryView query={audit} lines={2}>
      {({ pages }) => {
        const acts = pages.flatMap((page) => page.acts);
        if (acts.length === 0) return <Text c="dimmed">{words.auditEmpty}</Text>;
        return (
          <Stack gap="sm">
            <PaperList ordered>
              {acts.map(({ id, at, actor, action, subject, detail, outcome }) => (
                <li key={id} className={classes['line']}>
                  <div>
                    <strong>{action}</strong> {subject} {detail !== '' && <q>{detail}</q>}
                  </div>
                  <div className={classes['quiet']}>
                    <ActorName actor={actor} customerId="" /> · <Moment at={at} as="instant" />
                    {` · ${words.outcomes[outcome]}`}
                  </div>
                </li>
              ))}
            </PaperList>
            <MoreButton query={audit} label={words.auditMore} />
          </Stack>
        );
      }}
    </QueryView>
  );
}
