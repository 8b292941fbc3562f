import { bareName, type Channel } from './document.mts';

/** The topics between who tells and who hears, as an SVG without styles of its own: it wears those of nginx/gateway.css. */
export function mapOf(channels: readonly Channel[], socketTypes: readonly string[]): string {
  const topics = placed(channels.map((channel) => ({ channel, height: 34 + 17 * channel.carries.events.length })));
  const bottom = (topics.at(-1)?.y ?? 0) + (topics.at(-1)?.height ?? 0);
  const hearers = spread(
    [...new Set(channels.flatMap(({ heardBy }) => heardBy.map(({ service }) => service)))],
    bottom,
  );
  const socketHeight = 34 + 17 * socketTypes.length;
  const socketY = Math.max(TOP, (hearers.get('notifications') ?? 0) + BOX / 2 - socketHeight / 2);
  const height = Math.max(bottom, socketY + socketHeight) + 12;
  const title = 'Topics, the services that tell and hear them, and their events';
  return `<svg class="map" xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="map-title">
<title id="map-title">${title}; the tables below say the same in words</title>
${heading(COLUMN.teller, 'tells')}${heading(COLUMN.topic, 'topic, events')}${heading(COLUMN.hearer, 'hears')}${heading(COLUMN.socket, 'websocket')}
<g fill="none">
${topics.map(({ channel, y, height }, index) => linesOf(channel, index, y, height, hearers)).join('\n')}
${hearers.has('notifications') ? line('socket', COLUMN.hearer + SERVICE, (hearers.get('notifications') ?? 0) + BOX / 2, COLUMN.socket, socketY + socketHeight / 2) : ''}
</g>
${topics.map(({ channel, y, height }, index) => topicBox(channel, index, y, height)).join('\n')}
${[...hearers].map(([service, y]) => box('service', COLUMN.hearer, y, SERVICE, BOX, service)).join('\n')}
${box('topic socket', COLUMN.socket, socketY, SOCKET, socketHeight, '/ws/orders/', socketTypes)}
</svg>
`;
}

const [TOP, GAP, BOX, SERVICE, TOPIC, SOCKET] = [34, 14, 34, 118, 236, 184];
const COLUMN = { teller: 8, topic: 196, hearer: 592, socket: 784 } as const;
const WIDTH = COLUMN.socket + SOCKET + 8;

interface Placed {
  readonly channel: Channel;
  readonly height: number;
  readonly y: number;
}

function placed(boxes: readonly Omit<Placed, 'y'>[]): readonly Placed[] {
  let y = TOP;
  return boxes.map((each) => {
    const at = { ...each, y };
    y += each.height + GAP;
    return at;
  });
}

/** Services at even distances beside all of the topics. */
const spread = (services: readonly string[], bottom: number): ReadonlyMap<string, number> => {
  const step = (bottom - TOP - BOX) / Math.max(1, services.length - 1);
  return new Map([...services].sort().map((service, index) => [service, Math.round(TOP + index * step)]));
};

const heading = (x: number, text: string): string => `<text class="heading" x="${x}" y="20">${text}</text>`;

const line = (kind: string, x1: number, y1: number, x2: number, y2: number): string => {
  const bend = Math.round((x2 - x1) * 0.45);
  return `<path class="${kind}" fill="none" stroke="currentColor" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>`;
};

/** By inbox a whole line; what reads every partition for itself alone, a dashed one. */
function linesOf(
  channel: Channel,
  index: number,
  y: number,
  height: number,
  hearers: ReadonlyMap<string, number>,
): string {
  const middle = y + height / 2;
  const heard = channel.heardBy.map(({ service, how }) =>
    line(
      `t${index + 1}${how.startsWith('its inbox') ? '' : ' everywhere'}`,
      COLUMN.topic + TOPIC,
      middle,
      COLUMN.hearer,
      (hearers.get(service) ?? 0) + BOX / 2,
    ),
  );
  return [line(`t${index + 1}`, COLUMN.teller + SERVICE, middle, COLUMN.topic, middle), ...heard].join('\n');
}

const topicBox = (channel: Channel, index: number, y: number, height: number): string =>
  [
    box('service', COLUMN.teller, y + height / 2 - BOX / 2, SERVICE, BOX, channel.owner),
    box(
      `topic t${index + 1}`,
      COLUMN.topic,
      y,
      TOPIC,
      height,
      `${channel.name} × ${channel.partitions}`,
      channel.carries.events.map(({ name }) => name),
      bareName(channel.carries),
    ),
  ].join('\n');

const box = (
  kind: string,
  x: number,
  y: number,
  width: number,
  height: number,
  name: string,
  lines: readonly string[] = [],
  tip = name,
): string => `<g class="${kind}"><title>${tip}</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="none" stroke="currentColor"/>
<text class="name" x="${x + 10}" y="${y + 22}">${name}</text>${lines
  .map((text, index) => `<text x="${x + 10}" y="${y + 41 + 17 * index}">${text}</text>`)
  .join('')}</g>`;
