import { escape, page } from './pages.mts';

/** What is read of the AsyncAPI document. */
export interface AsyncApi {
  readonly info: { readonly description: string };
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly messages: Readonly<Record<string, Message>> };
}

interface Reference {
  readonly $ref: string;
}
interface Channel {
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly messages: Readonly<Record<string, Reference>>;
}
interface Operation {
  readonly action: 'send' | 'receive';
  readonly channel: Reference;
  readonly summary: string;
  readonly tags: readonly { readonly name: string }[];
  readonly messages: readonly Reference[];
}
interface Message {
  readonly name: string;
  readonly summary: string;
  readonly payload: object;
  readonly 'x-fields'?: readonly { readonly name: string; readonly type: string; readonly about?: string }[];
}

const last = ({ $ref }: Reference): string => $ref.slice($ref.lastIndexOf('/') + 1);

/** The map, then each channel in words: who tells it, who hears what of it, and every message with its fields. */
export const eventsPage = ({ info, channels, operations, components }: AsyncApi, map: string): string =>
  page(
    'The events of g-store',
    `<nav><a href="/docs/">Every API</a> · <a href="/docs/asyncapi.json">AsyncAPI 3</a></nav>
<p>${inWords(info.description)}</p>
<figure tabindex="0" aria-label="The map">${map}<figcaption>A whole line: by its inbox, each event once. A dashed one: every partition on every instance, for news that
need not be kept.</figcaption></figure>
${Object.entries(channels)
  .map(([name, channel]) =>
    section(
      channel,
      Object.values(operations).filter((operation) => last(operation.channel) === name),
      components.messages,
    ),
  )
  .join('\n')}`,
  );

const section = (
  channel: Channel,
  operations: readonly Operation[],
  messages: AsyncApi['components']['messages'],
): string =>
  `<section><h2><code>${escape(channel.address)}</code> ${escape(channel.title)}</h2>
<p>${inWords(channel.description)}</p>
<ul>
${operations.map((operation) => `<li>${escape(operation.summary)}${part(operation, channel)}</li>`).join('\n')}
</ul>
${Object.values(channel.messages)
  .map((reference) => details(messages[last(reference)]))
  .join('\n')}
</section>`;

/** Which of the channel's messages, when it is not all of them. */
function part({ messages }: Operation, channel: Channel): string {
  if (messages.length === Object.keys(channel.messages).length) return '';
  return `: ${messages.map((message) => `<code>${escape(last(message))}</code>`).join(', ')}`;
}

function details(message: Message | undefined): string {
  if (message === undefined) return '';
  const { name, summary, payload, 'x-fields': fields } = message;
  const shape =
    fields === undefined
      ? `<pre>${escape(JSON.stringify(payload, null, 2))}</pre>`
      : `<dl>${fields
          .map(
            (field) =>
              `<dt><code>${escape(field.name)}</code> ${escape(field.type)}</dt><dd>${inWords(field.about ?? '')}</dd>`,
          )
          .join('')}</dl>`;
  return `<details><summary><code>${escape(name)}</code> ${inWords(summary)}</summary>${shape}</details>`;
}

const inWords = (text: string): string => escape(text).replace(/&#96;(.+?)&#96;|`(.+?)`/g, '<code>$1$2</code>');
