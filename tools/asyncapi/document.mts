import type { Hearer } from './hearers.mts';
import type { Event, TopicMessage } from './proto.mts';

export interface CatalogueTopic {
  readonly name: string;
  readonly partitions: number;
  readonly message: { readonly name: string };
  readonly owner: string;
  readonly key: string;
  readonly retentionMs: number;
}

/** Everything that there is to tell, read from where it is decided. */
export interface Sources {
  readonly version: string;
  readonly topics: readonly CatalogueTopic[];
  readonly messages: ReadonlyMap<string, TopicMessage>;
  /** The text of a proto file. */
  readonly protoText: (file: string) => string;
  readonly hearers: readonly Hearer[];
  readonly socket: {
    readonly clientMessages: Readonly<Record<string, object>>;
    readonly serverMessages: Readonly<Record<string, object>>;
  };
}

/** A topic with what it carries and who hears it. */
export interface Channel extends CatalogueTopic {
  readonly carries: TopicMessage;
  readonly heardBy: readonly Hearer[];
}

export const channelsOf = ({ topics, messages, hearers }: Sources): readonly Channel[] =>
  topics.map((topic) => {
    const carries = messages.get(topic.message.name);
    if (carries === undefined) throw new Error(`no proto file declares ${topic.message.name}`);
    return { ...topic, carries, heardBy: hearers.filter(({ message }) => message === bareName(carries)) };
  });

export const bareName = ({ name }: TopicMessage): string => name.slice(name.lastIndexOf('.') + 1);

type Json = Readonly<Record<string, unknown>>;
const entriesOf = <T,>(list: readonly T[], key: (each: T) => string, value: (each: T) => unknown): Json =>
  Object.fromEntries(list.map((each) => [key(each), value(each)]));
const ref = (...path: readonly string[]): Json => ({ $ref: `#/${path.map(escaped).join('/')}` });
const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** The AsyncAPI 3 document of every topic and of the socket. */
export function asyncApiOf(sources: Sources): Json {
  const channels = channelsOf(sources);
  const { clientMessages, serverMessages } = sources.socket;
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Events of g-store',
      version: sources.version,
      description:
        'What services tell each other in Kafka, and what a websocket is told. A record is one protobuf message: who it is ' +
        'about (`meta`), and one event. Its Kafka key is the id of what it is about; per topic and key the versions in `meta` ' +
        'count 1, 2, 3 … without gaps, and a repeat has the same event id.',
      license: { name: 'MIT' },
      tags: [...new Set(channels.map(({ owner }) => owner))].map((name) => ({ name })),
    },
    defaultContentType: 'application/x-protobuf',
    servers: {
      kafka: {
        host: 'localhost:9092',
        protocol: 'kafka',
        description: 'Of the local stack; inside one installation only',
      },
      gateway: {
        host: 'localhost:8000',
        protocol: 'ws',
        description: 'Of the local stack; `wss` where there is a certificate',
      },
    },
    channels: { ...entriesOf(channels, ({ name }) => name, topicChannel), orderSocket: socketChannel(sources) },
    operations: Object.assign({}, ...channels.map(topicOperations), socketOperations(sources)) as Json,
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'As `Authorization`, or as the second word of `Sec-WebSocket-Protocol: gstore.v1, bearer.<token>`',
        },
      },
      schemas: entriesOf(
        channels,
        ({ carries }) => carries.file,
        ({ carries }) => ({
          schemaFormat: 'application/vnd.google.protobuf;version=3',
          schema: sources.protoText(carries.file),
        }),
      ),
      messages: {
        ...Object.assign({}, ...channels.map(topicMessages)),
        ...entriesOf(Object.entries(clientMessages), ([type]) => clientName(type), socketMessage),
        ...entriesOf(Object.entries(serverMessages), ([type]) => serverName(type), socketMessage),
      } as Json,
    },
  };
}

const topicChannel = ({ name, owner, key, partitions, retentionMs, carries }: Channel): Json => ({
  address: name,
  title: bareName(carries),
  description: `Told by ${owner}. The key is the id of the ${key}.`,
  servers: [ref('servers', 'kafka')],
  messages: entriesOf(carries.events, messageName, (event) => ref('components', 'messages', messageName(event))),
  tags: [{ name: owner }],
  bindings: {
    kafka: {
      topic: name,
      partitions,
      topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': retentionMs },
      bindingVersion: '0.5.0',
    },
  },
});

const messageName = ({ name }: Event): string => name;

const topicMessages = ({ key, carries }: Channel): Json =>
  entriesOf(carries.events, messageName, (event) => ({
    name: event.name,
    title: event.name,
    summary: event.about || `The case \`${event.case}\` of ${bareName(carries)}`,
    contentType: 'application/x-protobuf',
    payload: ref('components', 'schemas', carries.file),
    bindings: { kafka: { key: { type: 'string', description: `Id of the ${key}` }, bindingVersion: '0.5.0' } },
    'x-message': carries.name,
    'x-case': event.case,
    'x-fields': event.fields,
  }));

function topicOperations({ name, owner, carries, heardBy }: Channel): Json {
  const at = (events: readonly Event[]) => events.map((event) => ref('channels', name, 'messages', messageName(event)));
  const operation = (action: 'send' | 'receive', service: string, events: readonly Event[], summary: string): Json => ({
    action,
    channel: ref('channels', name),
    summary,
    tags: [{ name: service }],
    messages: at(events),
  });
  return {
    [`${owner}.tells.${name}`]: operation('send', owner, carries.events, `${owner} tells, from its outbox`),
    ...entriesOf(
      heardBy,
      ({ service, how }) => `${service}.hears.${name}${how.startsWith('its inbox') ? '' : '.everywhere'}`,
      ({ service, cases, how }) =>
        operation(
          'receive',
          service,
          carries.events.filter((event) => cases === 'all' || cases.includes(event.case)),
          `${service} hears by ${how}`,
        ),
    ),
  };
}

const clientName = (type: string): string => `client.${type}`;
const serverName = (type: string): string => `server.${type}`;

const namesOf = ({ socket }: Sources) => ({
  client: Object.keys(socket.clientMessages).map(clientName),
  server: Object.keys(socket.serverMessages).map(serverName),
});

const socketChannel = (sources: Sources): Json => ({
  address: '/ws/orders/',
  title: 'Live news',
  description:
    'JSON in text frames. A client that comes again hands the last `position` back as `after` and gets exactly what it missed. ' +
    'It closes with 4401 token expired, 4403 revoked, 4408 too slow, 4429 too many, 1009 frame too long, 1012 come again.',
  servers: [ref('servers', 'gateway')],
  messages: entriesOf(Object.values(namesOf(sources)).flat(), String, (name) => ref('components', 'messages', name)),
  tags: [{ name: 'notifications' }],
  bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
});

function socketMessage([type, schema]: readonly [string, object]): Json {
  const { description, ...payload } = schema as { readonly description?: string };
  return { name: type, title: type, summary: description ?? type, contentType: 'application/json', payload };
}

const socketOperations = (sources: Sources): Json => {
  const operation = (action: 'send' | 'receive', names: readonly string[], summary: string): Json => ({
    action,
    channel: ref('channels', 'orderSocket'),
    summary,
    tags: [{ name: 'notifications' }],
    security: [ref('components', 'securitySchemes', 'accessToken')],
    messages: names.map((name) => ref('channels', 'orderSocket', 'messages', name)),
  });
  const { client, server } = namesOf(sources);
  return {
    'notifications.hears.socket': operation('receive', client, 'What a client says'),
    'notifications.tells.socket': operation('send', server, 'What a client is told'),
  };
};
