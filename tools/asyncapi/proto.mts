import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

/** One event as the proto files tell of it. */
export interface Event {
  /** `OrderCreated`. */
  readonly name: string;
  /** Its field in the topic's message: `created`. */
  readonly case: string;
  readonly about: string;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly about?: string;
}

export interface TopicMessage {
  /** `gstore.orders.v1.OrderEvent`. */
  readonly name: string;
  /** The file that declares it, below proto/. */
  readonly file: string;
  readonly events: readonly Event[];
}

/** Every message that a topic carries, by its full name. */
export async function topicMessagesIn(folder: string): Promise<ReadonlyMap<string, TopicMessage>> {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (protobuf.common.get(target) ? target : join(folder, target));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.proto'));
  await root.load(files.sort(), { alternateCommentMode: true });
  root.resolveAll();
  const messages = [...typesIn(root)].filter(({ oneofs }) => oneofs?.['event'] !== undefined);
  return new Map(messages.map((type) => [type.fullName.slice(1), toTopicMessage(type, folder)]));
}

function* typesIn(namespace: protobuf.NamespaceBase): Generator<protobuf.Type> {
  for (const nested of namespace.nestedArray) {
    if (nested instanceof protobuf.Type) yield nested;
    if (nested instanceof protobuf.Namespace) yield* typesIn(nested);
  }
}

const toTopicMessage = (type: protobuf.Type, folder: string): TopicMessage => ({
  name: type.fullName.slice(1),
  file: (type.filename ?? '').slice(folder.length + 1),
  events: (type.oneofs['event']?.fieldsArray ?? []).map((field) => {
    if (!(field.resolvedType instanceof protobuf.Type)) throw new Error(`${field.fullName} is no message`);
    return {
      name: field.resolvedType.name,
      case: field.name,
      about: oneLine(field.resolvedType.comment),
      fields: field.resolvedType.fieldsArray.map(toField),
    };
  }),
});

function toField(field: protobuf.Field): Field {
  const { resolvedType } = field;
  const values = resolvedType instanceof protobuf.Enum ? ` (${valuesOf(resolvedType).join(', ')})` : '';
  const name = resolvedType === null ? field.type : resolvedType.name;
  const optional = field.options?.['proto3_optional'] ? 'optional ' : '';
  return {
    name: field.name,
    type: `${field.repeated ? 'repeated ' : optional}${name}${values}`,
    ...(field.comment && { about: oneLine(field.comment) }),
  };
}

/** Without the name of the enum that protobuf wants before each of them, and without its zero. */
const valuesOf = (type: protobuf.Enum): readonly string[] => {
  const prefix = `${type.name.replace(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase()}_`;
  return Object.entries(type.values).flatMap(([name, number]) => (number === 0 ? [] : [name.slice(prefix.length)]));
};

const oneLine = (comment: string | null): string => (comment ?? '').replaceAll('\n', ' ');
