// Writes TypeScript for what the contracts use of protobuf; anything else stops the generator rather than be guessed at.
import protobuf from 'protobufjs';

/** One TypeScript file: a type per enum and message, its way to the wire and back, and one MessageType per topic. */
export function typescriptOf(root) {
  const types = [...typesIn(root)].filter((type) => type.fullName.startsWith('.gstore.'));
  const names = types.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two types are called ${twice}; the names of all contracts are one space`);
  const enums = types.filter((type) => type instanceof protobuf.Enum);
  const topics = types.filter(isTopicMessage);
  const messages = types.filter((type) => type instanceof protobuf.Type && !isTopicMessage(type));
  return [
    '// Generated from proto/ by `npm run generate`; not to be edited.',
    "import { dateOf, enumerated, int64, int64Of, text, timestamp, uint32 } from '../fields.js';",
    "import type { Int64, Timestamp } from '../fields.js';",
    "import { messageType, type MessageType } from '../message-type.js';",
    "import { wire } from './wire.js';",
    ...enums.map(enumText),
    ...messages.map(messageText),
    ...topics.map(topicText),
  ].join('\n\n');
}

function* typesIn(namespace) {
  for (const type of namespace.nestedArray) {
    if (type instanceof protobuf.Enum || type instanceof protobuf.Type) yield type;
    if (type instanceof protobuf.Namespace) yield* typesIn(type);
  }
}

const isTopicMessage = (type) => type instanceof protobuf.Type && type.oneofs?.event !== undefined;

const lower = (name) => name[0].toLowerCase() + name.slice(1);
const comment = (type) => (type.comment ? `/** ${type.comment.replaceAll('\n', ' ')} */\n` : '');

function enumText(type) {
  const prefix = `${type.name.replace(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase()}_`;
  const values = Object.entries(type.values).filter(([, number]) => number !== 0);
  const bare = values.map(([name, number]) => [name.slice(prefix.length), number]);
  return `${comment(type)}export type ${type.name} = ${bare.map(([name]) => `'${name}'`).join(' | ')};

const ${lower(type.name)}Numbers: Readonly<Record<${type.name}, number>> = { ${bare.map(([name, n]) => `${name}: ${n}`).join(', ')} };
const ${lower(type.name)}ByNumber = new Map<number, ${type.name}>([${bare.map(([name, n]) => `[${n}, '${name}']`).join(', ')}]);`;
}

/** How a field looks in TypeScript and on the wire, and the expressions from one to the other. */
function shapeOf(field) {
  const type = field.resolvedType;
  if (field.map) throw new Error(`${field.fullName}: maps are not supported`);
  if (type instanceof protobuf.Enum) {
    const name = lower(type.name);
    return {
      type: type.name,
      wire: 'number',
      to: (value) => `enumerated(${name}Numbers, ${value}, '${field.name}')`,
      from: (value) => `${name}ByNumber.get(${value})`,
      mayBeUnknown: true,
    };
  }
  if (type?.fullName === '.google.protobuf.Timestamp')
    return {
      type: 'Date',
      wire: 'Timestamp | null',
      to: call('timestamp', field),
      from: (value) => `dateOf(${value})`,
    };
  if (type instanceof protobuf.Type)
    return {
      type: type.name,
      wire: `${type.name}Wire`,
      to: (value) => `${lower(type.name)}Wire(${value})`,
      from: (value) => `${lower(type.name)}Of(${value})`,
      mayBeUnknown: mayBeUnknown(type),
      isMessage: true,
    };
  if (field.type === 'int64')
    return { type: 'bigint', wire: 'Int64', to: call('int64', field), from: (value) => `int64Of(${value})` };
  if (field.type === 'uint32')
    return { type: 'number', wire: 'number', to: call('uint32', field), from: (value) => value };
  if (field.type === 'string')
    return { type: 'string', wire: 'string', to: call('text', field), from: (value) => value };
  throw new Error(`${field.fullName}: ${field.type} is not supported`);
}

const call = (verb, field) => (value) => `${verb}(${value}, '${field.name}')`;

/** A message with an enum that must be there is unknown as a whole when the enum's value is. */
const mayBeUnknown = (type) => type.fieldsArray.some((field) => !isOptional(field) && shapeOf(field).mayBeUnknown);
const isOptional = (field) => Boolean(field.options?.proto3_optional);

function messageText(type) {
  const fields = type.fieldsArray.map((field) => ({
    field,
    name: field.name,
    ...shapeOf(field),
    optional: isOptional(field),
  }));
  for (const { field, isMessage } of fields)
    if (isMessage && !field.repeated)
      throw new Error(`${field.fullName}: a single message as a field is not supported`);
  const array = ({ field }, text) => (field.repeated ? `readonly ${text}[]` : text);
  const own = fields.map((f) => `${comment(f.field)}readonly ${f.name}${f.optional ? '?' : ''}: ${array(f, f.type)};`);
  const wired = fields.map((f) => `readonly ${f.name}: ${array(f, f.wire)}${f.optional ? ' | null' : ''};`);
  const name = lower(type.name);
  const body =
    own.length === 0
      ? `type ${type.name} = Readonly<Record<string, never>>;`
      : `interface ${type.name} {\n${own.join('\n')}\n}`;
  return `${comment(type)}export ${body}

interface ${type.name}Wire {
${wired.join('\n')}
}

${exported(type)}const ${name}Wire = (${fields.length ? 'value' : '_value'}: ${type.name}): ${type.name}Wire => ({ ${fields.map(toWire).join(', ')} });

${exported(type)}const ${name}Of = (${fields.length ? 'wired' : '_wired'}: ${type.name}Wire): ${type.name}${mayBeUnknown(type) ? ' | undefined' : ''} => {
${fromWire(type, fields)}
};`;
}

const exported = (type) => (type.name === 'EventMeta' ? 'export ' : '');

function toWire({ field, name, to, optional }) {
  if (field.repeated) return `${name}: value.${name}.map((item) => ${to('item')})`;
  return `${name}: ${optional ? `value.${name} === undefined ? null : ${to(`value.${name}`)}` : to(`value.${name}`)}`;
}

function fromWire(type, fields) {
  const lines = [];
  const parts = [];
  for (const { field, name, from, optional, mayBeUnknown } of fields) {
    if (optional) continue;
    const value = field.repeated ? `wired.${name}.map((item) => ${from('item')})` : from(`wired.${name}`);
    if (!mayBeUnknown) parts.push(`${name}: ${value}`);
    else if (field.repeated) throw new Error(`${field.fullName}: a list whose items may be unknown is not supported`);
    else {
      lines.push(`const ${name} = ${value};`, `if (${name} === undefined) return undefined;`);
      parts.push(name);
    }
  }
  const optionals = fields.filter(({ optional }) => optional);
  if (optionals.length === 0) return [...lines, `return { ${parts.join(', ')} };`].join('\n');
  lines.push(
    `const value: { -readonly [Field in keyof ${type.name}]: ${type.name}[Field] } = { ${parts.join(', ')} };`,
  );
  for (const { name, from, mayBeUnknown } of optionals) {
    const read = mayBeUnknown
      ? [`const ${name} = wired.${name} === null ? undefined : ${from(`wired.${name}`)};`, name, 'undefined']
      : ['', `wired.${name}`, 'null'];
    lines.push(
      read[0],
      `if (${read[1]} !== ${read[2]}) value.${name} = ${mayBeUnknown ? name : from(`wired.${name}`)};`,
    );
  }
  return [...lines, 'return value;'].filter(Boolean).join('\n');
}

function topicText(type) {
  const cases = type.oneofs.event.fieldsArray.map((field) => ({ name: field.name, type: field.resolvedType.name }));
  const events = cases.map(({ name, type: of }) => `readonly ${name}: ${of}`).join('; ');
  const codecs = cases
    .map(({ name, type: of }) => `${name}: { to: ${lower(of)}Wire, from: ${lower(of)}Of }`)
    .join(', ');
  const fullName = type.fullName.slice(1);
  return `${comment(type)}export const ${type.name}: MessageType<{ ${events} }> = messageType('${fullName}', wire.${fullName}, { ${codecs} });`;
}
