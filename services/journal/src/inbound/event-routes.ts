import {
  decodeCursor,
  encodeCursor,
  eventFrame,
  eventStream,
  invalid,
  nextLink,
  ok,
  pageQuery,
  Problem,
  route,
  type Route,
} from '@g-store/http';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { EventFilter, Reader } from '../application/reader.js';
import { catalogue } from './catalogue.js';
import type { Dependencies } from './dependencies.js';
import { EventView, RawEventView, toEventView, toRawEventView } from './views.js';

const typesByService: ReadonlyMap<string, readonly string[]> = new Map(
  [...Map.groupBy(catalogue, ({ topic }) => topic.owner)].map(([service, told]) => [
    service,
    told.flatMap(({ kindByCase }) => [...kindByCase.values()].map(({ type }) => type)),
  ]),
);
const services = [...typesByService.keys()] as [string, ...string[]];
const types = [...typesByService.values()].flat() as [string, ...string[]];

const time = z.iso.datetime({ offset: true }).transform((given) => new Date(given));
const Filter = pageQuery.extend({
  type: z.enum(types).optional(),
  service: z.enum(services).optional(),
  orderId: z.uuid().optional(),
  account: z.string().min(1).max(200).optional(),
  from: time.optional().meta({ type: 'string', format: 'date-time', description: 'Told then or later' }),
  to: time.optional().meta({ type: 'string', format: 'date-time', description: 'Told before' }),
  follow: z.enum(['true', 'false']).optional(),
});
const Page = z.object({ items: z.array(EventView), nextCursor: z.string().nullable() });
const Id = z.strictObject({ id: z.uuid() });

const tags = ['events'];
const caller = 'operator';
const MOST_AT_ONCE = 100;

/** Every event, as it was told. */
export const eventRoutes = ({ reader, follow }: Dependencies): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/v1/events',
      summary: 'Every event, newest first',
      description:
        'With `follow=true` as server-sent events: those that are heard from now on, or after the one that `Last-Event-ID` names, in the order in which they arrive.',
      tags,
      caller,
      query: Filter,
      answers: { 200: Page },
      events: EventView,
    },
    async ({ query: { cursor, limit, follow: live, from, to, ...asked }, headers, gone, url }) => {
      const filter = filterOf(asked);
      if (live === 'true') {
        refuseBeside({ cursor, from, to });
        let place = await placeOf(reader, headers);
        return eventStream(
          follow({ headers, gone }, async () => {
            const news = await reader.arrived(place, filter, MOST_AT_ONCE);
            place = news.at(-1)?.arrival ?? place;
            return news.map((event) => eventFrame({ event: 'event', id: event.eventId, data: toEventView(event) }));
          }),
        );
      }
      const [before] = decodeCursor(z.tuple([z.uuid()]), cursor) ?? [];
      const found = await reader.events(
        { ...filter, ...(from && { from }), ...(to && { to }) },
        { limit: limit + 1, ...(before !== undefined && { before }) },
      );
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      const nextCursor = last ? encodeCursor([last.eventId]) : null;
      return ok({ items: items.map(toEventView), nextCursor }, nextLink(url, nextCursor));
    },
  ),

  route(
    {
      method: 'get',
      path: '/v1/events/:id',
      summary: 'One event, with its bytes',
      tags,
      caller,
      params: Id,
      answers: { 200: RawEventView },
      refusals: ['not_found'],
    },
    async ({ params }) => {
      const event = await reader.event(params.id);
      if (event === undefined) throw new Problem('not_found');
      return ok(toRawEventView(event));
    },
  ),
];

interface Asked {
  readonly type?: string | undefined;
  readonly service?: string | undefined;
  readonly orderId?: string | undefined;
  readonly account?: string | undefined;
}

/** A service is the types of event that it tells; a type of another service leaves none. */
function filterOf({ type, service, orderId, account }: Asked): EventFilter {
  const told = service === undefined ? undefined : typesByService.get(service);
  const wanted = type === undefined ? told : (told ?? [type]).filter((one) => one === type);
  return {
    ...(wanted && { types: wanted }),
    ...(orderId !== undefined && { orderId }),
    ...(account !== undefined && { accountId: account }),
  };
}

/** @throws Problem for what has no meaning beside `follow` */
function refuseBeside(given: Readonly<Record<string, unknown>>): void {
  const errors = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => ({ pointer: `/${name}`, detail: 'must not stand beside follow=true' }));
  if (errors.length > 0) throw invalid(errors);
}

/** @throws Problem when `Last-Event-ID` names no event of ours */
async function placeOf(reader: Reader, headers: IncomingHttpHeaders): Promise<bigint> {
  const named = headers['last-event-id'];
  if (named === undefined || named === '') return reader.newest();
  const id = z.uuid().safeParse(named);
  const event = id.success ? await reader.event(id.data) : undefined;
  if (event === undefined) throw invalid([{ pointer: '/last-event-id', detail: 'must be the id of an event' }]);
  return event.arrival;
}
