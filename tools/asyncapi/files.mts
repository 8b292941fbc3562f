import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApiOf, channelsOf, type CatalogueTopic, type Sources } from './document.mts';
import { hearersIn } from './hearers.mts';
import { mapOf } from './map.mts';
import { topicMessagesIn } from './proto.mts';

/** What `npm run asyncapi` writes, by path in the checkout. */
export async function filesOf(
  root: string,
  topics: readonly CatalogueTopic[],
  socket: Sources['socket'],
): Promise<ReadonlyMap<string, string>> {
  const proto = join(root, 'proto');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  const sources: Sources = {
    version,
    topics,
    messages: await topicMessagesIn(proto),
    protoText: (file) => readFileSync(join(proto, file), 'utf8'),
    hearers: hearersIn(join(root, 'services')),
    socket,
  };
  return new Map([
    ['nginx/events/asyncapi.json', `${JSON.stringify(asyncApiOf(sources), null, 2)}\n`],
    ['nginx/events/map.svg', mapOf(channelsOf(sources), Object.keys(socket.serverMessages))],
  ]);
}
