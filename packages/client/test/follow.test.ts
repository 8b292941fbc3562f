import type { FollowState, ShopClient } from '../src/index.js';
import { createWorld, problem, type World } from './world.js';

const PATH = '/api/journal/v1/events?follow=true';

let world: World;
let shop: ShopClient;
beforeEach(async () => {
  world = createWorld();
  shop = world.openTab({ session: 'memory' });
  await shop.session.signIn({ login: 'anna', password: 'secret' });
});
afterEach(() => shop.close());

/** The journal: each request is a stream of its own. */
function streams() {
  const open: { readonly request: Request; say(text: string): void; end(): void }[] = [];
  const answer = (request: Request): Response => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const gone = (): void => undefined;
    open.push({
      request,
      say: (text) => void writer.write(new TextEncoder().encode(text)).catch(gone),
      end: () => void writer.close().catch(gone),
    });
    request.signal.addEventListener('abort', () => void writer.abort(request.signal.reason).catch(gone));
    return new Response(readable, { headers: { 'content-type': 'text/event-stream' } });
  };
  world.serve(answer);
  return { open, answer };
}

function follow() {
  const followed = { heard: [] as string[], states: [] as FollowState[], refused: [] as string[] };
  const stop = shop.follow(PATH, {
    heard: ({ data }) => followed.heard.push(data),
    became: (state) => followed.states.push(state),
    refused: ({ code }) => followed.refused.push(code),
  });
  return { ...followed, stop };
}
const moment = () => world.time.advance(10);

describe('following', () => {
  it('hears what is told, with the token of whoever is signed in', async () => {
    const { open } = streams();
    const { heard, states } = follow();
    await moment();
    open[0]?.say('event: event\nid: e1\ndata: one\n\n: ping\n\ndata: two\n\n');
    await moment();
    expect([heard, states]).toEqual([
      ['one', 'two'],
      ['connecting', 'live'],
    ]);
    expect(world.identity.userOf(open[0]?.request.headers.get('authorization')?.replace('Bearer ', '') ?? '')).toBe(
      'anna',
    );
  });

  it('goes on behind the last message after a break, with the jitter of the live feed', async () => {
    const { open } = streams();
    const { heard, states } = follow();
    await moment();
    open[0]?.say('id: e1\ndata: one\n\n');
    await moment();
    open[0]?.end();
    await moment();
    expect([open.length, states.at(-1)]).toEqual([1, 'reconnecting']);
    // Half of 500 ms.
    await world.time.advance(250);
    open[1]?.say('id: e2\ndata: two\n\n');
    await moment();
    expect([heard, states.at(-1)]).toEqual([['one', 'two'], 'live']);
    expect(open[1]?.request.headers.get('last-event-id')).toBe('e1');
  });

  it('waits longer each time nothing comes of it, and not at all once the network is back', async () => {
    world.network(false);
    const before = world.asked.length;
    const { states } = follow();
    const attempts = () => world.asked.length - before;
    await world.time.advance(250 + 500 + 1_000 + 2_000 + 100);
    expect(attempts()).toBe(5);
    streams();
    world.network(true);
    await moment();
    expect([attempts(), states.at(-1)]).toEqual([6, 'live']);
  });

  it('does not believe a connection on which nothing comes', async () => {
    const { open } = streams();
    const { states } = follow();
    await moment();
    await world.time.advance(30_000);
    open[0]?.say(': ping\n\n');
    await world.time.advance(30_000);
    expect(open).toHaveLength(1);
    await world.time.advance(20_000);
    expect([open.length, states.at(-1)]).toEqual([2, 'live']);
  });

  it('asks with another token when the shop takes the first no more', async () => {
    const { open, answer } = streams();
    let refusals = 1;
    world.serve((request) => (refusals-- > 0 ? problem(401, 'unauthenticated') : answer(request)));
    const { states, refused } = follow();
    await moment();
    expect([open.length, states, refused]).toEqual([1, ['connecting', 'live'], []]);
  });

  it.each([
    [404, 'not_found'],
    [403, 'forbidden'],
    [400, 'validation_failed'],
  ])('%i is final', async (status, code) => {
    world.serve(() => problem(status, code));
    const before = world.asked.length;
    const { refused } = follow();
    await world.time.advance(60_000);
    expect([refused, world.asked.length - before]).toEqual([[code], 1]);
  });

  it.each([429, 503])('%i is not', async (status) => {
    world.serve(() => problem(status, 'unavailable'));
    const { refused } = follow();
    await moment();
    streams();
    await world.time.advance(1_000);
    expect(refused).toEqual([]);
  });

  it('ends when nobody wants it any more, and nothing is left of it', async () => {
    const { open } = streams();
    const { heard, stop } = follow();
    await moment();
    stop();
    open[0]?.say('data: late\n\n');
    await moment();
    expect([heard, world.time.pending()]).toEqual([[], 0]);
    world.network(false);
    follow().stop();
    await moment();
    expect(world.time.pending()).toBe(0);
  });

  it('one who breaks goes on hearing', async () => {
    const { open } = streams();
    const heard: string[] = [];
    shop.follow(PATH, {
      heard({ data }) {
        heard.push(data);
        throw 'broken screen';
      },
    });
    await moment();
    open[0]?.say('data: one\n\ndata: two\n\n');
    await moment();
    expect([heard, world.faults]).toEqual([
      ['one', 'two'],
      ['broken screen', 'broken screen'],
    ]);
  });
});
