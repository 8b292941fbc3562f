import { isProblem, type WholeParkedMessage, type ServiceName } from '@g-store/client';
import { Card, Stack, Text } from '@mantine/core';
import { IconArrowLeft, IconMessageOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { NotFound } from '../app/fallbacks.js';
import { CopyText } from '../design/copy-text.js';
import { Empty } from '../design/empty.js';
import { FactCard, Facts } from '../design/facts.js';
import { ButtonLink } from '../design/links.js';
import { Moment } from '../design/moment.js';
import { QueryView } from '../design/query-view.js';
import { useShop } from '../session/shop.js';
import { useWords } from '../texts/texts.js';
import { hearers } from './addresses.js';
import { asJson, MessageBody } from './message-body.js';
import classes from './operations.module.css';
import { OperationsScreen } from './operations-screen.js';
import { ParkedActions } from './parked-actions.js';
import { ParkedAge } from './parked-age.js';
import { Pill } from './pill.js';
import { parkedMessageQuery } from './queries.js';

const route = getRouteApi('/signed-in/operations/operations/parked/$service/$id');

/** One parked message, whole, and what can be done about it. */
export function ParkedMessagePage() {
  const { service: named, id } = route.useParams();
  const service = hearers.find((each) => each === named);
  return service === undefined ? <NotFound /> : <Message service={service} id={id} />;
}

function Message({ service, id }: { readonly service: ServiceName; readonly id: string }) {
  const words = useWords().texts.operations.parked;
  const message = useQuery(parkedMessageQuery(useShop(), service, id));
  const missing = isProblem(message.error, 'not_found', 'validation_failed');
  return (
    <OperationsScreen
      title={words.one}
      actions={
        <ButtonLink
          to="/operations/parked"
          search={{ service }}
          variant="default"
          leftSection={<IconArrowLeft size={18} aria-hidden />}
        >
          {words.back}
        </ButtonLink>
      }
    >
      {missing && message.data === undefined ? (
        <Empty title={words.none} icon={IconMessageOff} />
      ) : (
        <QueryView query={message} lines={6}>
          {(known) => (
            <Stack gap="lg">
              <ParkedActions service={service} message={known} />
              <FactsOf message={known} />
              <Contents message={known} />
            </Stack>
          )}
        </QueryView>
      )}
    </OperationsScreen>
  );
}

function FactsOf({ message }: { readonly message: WholeParkedMessage }) {
  const { texts, formats } = useWords();
  const words = texts.operations;
  const { state, topic, partition, offset, key, version, reason, error, attempts, decidedBy, note } = message;
  return (
    <FactCard id="why" title={words.parked.error}>
      <Text c="var(--mantine-color-error)" fw={550} mb="sm" style={{ overflowWrap: 'anywhere' }}>
        {error}
      </Text>
      <div className={classes['facts']}>
        <Facts
          facts={[
            [
              words.parked.state,
              <Pill key="state" tone={state === 'waiting' ? 'waiting' : 'unknown'}>
                {words.parked.states[state]}
              </Pill>,
            ],
            [words.parked.reason, reason],
            [words.event.place, `${topic}/${partition} @ ${offset}`],
            [words.event.key, <CopyText key="key" value={key} label={words.copy(words.event.key)} />],
            [words.event.version, version === null ? words.unknown : formats.number(version)],
            [words.parked.attempts(attempts), <ParkedAge key="age" message={message} />],
            ...(decidedBy === null
              ? []
              : ([[words.parked.decidedBy, <Decided key="by" message={message} />]] as const)),
            ...(note === null || note === '' ? [] : ([[words.parked.note, note]] as const)),
          ]}
        />
      </div>
    </FactCard>
  );
}

const Decided = ({ message: { decidedBy, decidedAt } }: { readonly message: WholeParkedMessage }) => (
  <>
    {decidedBy} {decidedAt !== null && <Moment at={decidedAt} as="instant" />}
  </>
);

function Contents({ message: { decoded, headers, raw } }: { readonly message: WholeParkedMessage }) {
  const words = useWords().texts.operations;
  return (
    <Card>
      {decoded === null || decoded === undefined ? (
        <Text>{words.parked.undecoded}</Text>
      ) : (
        <MessageBody label={words.event.decoded}>{asJson(decoded)}</MessageBody>
      )}
      {headers && <MessageBody label={words.parked.headers}>{asJson(headers)}</MessageBody>}
      <MessageBody label={words.parked.raw}>{raw}</MessageBody>
    </Card>
  );
}
