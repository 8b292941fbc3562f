import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type AnySchema } from 'ajv';
import addFormats from 'ajv-formats';
import { topics } from '@g-store/contracts';
import { socketSchemas } from '../../services/notifications/src/inbound/socket-schemas';
import { channelsOf, type Sources } from './document.mts';
import { filesOf } from './files.mts';
import { hearersIn } from './hearers.mts';
import { topicMessagesIn } from './proto.mts';

const root = join(__dirname, '..', '..');
const committed = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Document {
  readonly channels: Readonly<Record<string, { readonly messages: Readonly<Record<string, unknown>> }>>;
  readonly operations: Readonly<
    Record<string, { readonly action: string; readonly messages: readonly { $ref: string }[] }>
  >;
  readonly components: { readonly messages: Readonly<Record<string, { readonly payload: AnySchema }>> };
}
const document = JSON.parse(committed('nginx/events/asyncapi.json')) as Document;

describe('the document of the events', () => {
  it('is what proto, catalogue, subscriptions and socket say today', async () => {
    for (const [name, text] of await filesOf(root, Object.values(topics), socketSchemas()))
      expect(`${name}\n${committed(name)}`).toBe(`${name}\n${text}`);
  });

  it('is valid AsyncAPI 3 by its own schema', () => {
    const schema = JSON.parse(
      readFileSync(require.resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8'),
    ) as AnySchema;
    const ajv = new Ajv({ strict: false, allErrors: false, unicodeRegExp: false });
    addFormats(ajv);
    const valid = ajv.compile(schema);
    expect([valid(document), valid.errors]).toEqual([true, null]);
    expect(valid({ ...document, channels: { 'order.events': { adress: 'order.events' } } })).toBe(false);
  });

  it('points at nothing that is not there', () => {
    const references = [...committed('nginx/events/asyncapi.json').matchAll(/"\$ref": "#\/([^"]+)"/g)];
    const found = ([, path = '']: readonly string[]) =>
      path
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
        .reduce<unknown>((at, part) => (at as Readonly<Record<string, unknown>> | undefined)?.[part], document);
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((reference) => found(reference) === undefined)).toEqual([]);
  });

  it('says who hears what: a payment is made because payments hears of every order', () => {
    const heard = document.operations['payments.hears.order.events'];
    expect(heard?.messages.map(({ $ref }) => $ref.split('/').at(-1))).toEqual([
      'OrderCreated',
      'OrderStatusChanged',
      'OrderCancelled',
    ]);
    expect(document.operations).toHaveProperty(['orders.hears.identity.events.everywhere']);
  });

  it('has schemas that a client can check its messages with', () => {
    const ajv = new Ajv({ strict: false });
    addFormats(ajv);
    const subscribe = ajv.compile(document.components.messages['client.subscribe']?.payload ?? false);
    const orderId = '0190c5f0-0000-7000-8000-000000000000';
    expect([{ orderId }, { scope: 'mine' }].map((target) => subscribe({ type: 'subscribe', ...target }))).toEqual([
      true,
      true,
    ]);
    expect([{}, { orderId, scope: 'mine' }].map((target) => subscribe({ type: 'subscribe', ...target }))).toEqual([
      false,
      false,
    ]);
  });
});

describe('the map of the events', () => {
  it('shows every topic, every event, every service and every message of the socket', async () => {
    const map = committed('nginx/events/map.svg');
    const { serverMessages } = socketSchemas();
    const sources = {
      topics: Object.values(topics),
      messages: await topicMessagesIn(join(root, 'proto')),
      hearers: hearersIn(join(root, 'services')),
    } as unknown as Sources;
    const names = channelsOf(sources).flatMap(({ name, partitions, owner, carries, heardBy }) => [
      `${name} × ${partitions}`,
      owner,
      ...carries.events.map((event) => event.name),
      ...heardBy.map(({ service }) => service),
    ]);
    for (const name of [...names, ...Object.keys(serverMessages)]) expect(map).toContain(`>${name}</text>`);
  });

  it('brings no style and no script along, for the gateway allows none', () => {
    expect(committed('nginx/events/map.svg')).not.toMatch(/<style|<script|style=|on\w+=|href/);
  });
});
