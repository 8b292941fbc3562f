import { randomUUID } from 'node:crypto';
import type { HttpReply } from '@g-store/testing';
import { http } from '../shop';
import {
  comparable,
  faultsOf,
  faultsOfEnvelope,
  faultsOfProblem,
  faultsOfRefusal,
  operationsOfAll,
  services,
  type Operations,
} from './answers';
import { belongings, castOfTheMatrix, newcomer, type Identity, type Member } from './cast';
import { addressOf, fillIn, table, type Entry, type Thing } from './table';

jest.setTimeout(120_000);

const NO_PARKED = '999999999999';
const things: readonly Thing[] = ['own', "another's", 'missing', 'malformed'];

let identities: readonly Identity[];
let operations: Operations;
let before: readonly object[];
let bystanders: readonly Member[];

beforeAll(async () => {
  [identities, operations] = await Promise.all([castOfTheMatrix(), operationsOfAll()]);
  const recognised = identities.filter(({ takenFor }) => ['customer', 'staff', 'operator'].includes(takenFor));
  bystanders = recognised.map(({ self }) => self);
  before = await Promise.all(bystanders.map(belongings));
});

interface Cell {
  readonly identity: Identity;
  /** Absent where the route names nothing. */
  readonly thing?: Thing;
}

type Admission = 'comes in' | 401 | 403;

/** What the declaration says of somebody at the door, before anything they ask for is looked at. */
function admission({ who, machine }: Entry, { takenFor, scopes = [] }: Identity): Admission {
  if (who === 'public') return 'comes in';
  if (takenFor === 'nobody') return 401;
  if (takenFor === 'machine') return who !== 'operator' && machine && scopes.includes(machine) ? 'comes in' : 403;
  const rights = { customer: ['customer'], staff: ['customer', 'staff'], operator: ['customer', 'staff', 'operator'] };
  return rights[takenFor].includes(who) ? 'comes in' : 403;
}

const isStaff = ({ takenFor }: Identity): boolean => ['staff', 'operator', 'machine'].includes(takenFor);

function expected(entry: Entry, { identity, thing }: Cell): number {
  const door = admission(entry, identity);
  if (door !== 'comes in') return door;
  if (entry.nobodysAnswer && ['nobody', 'machine'].includes(identity.takenFor)) return entry.nobodysAnswer;
  if (thing === 'malformed') return entry.malformedAnswer ?? 400;
  if (thing === 'missing') return isStaff(identity) ? (entry.strangersAnswer ?? 404) : 404;
  if (thing === "another's" && (entry.reaches === 'own' || (entry.reaches !== 'all' && !isStaff(identity)))) return 404;
  return thing === 'own' ? (entry.ownAnswer ?? entry.answer) : entry.answer;
}

const cellsOf = ({ names }: Entry): readonly Cell[] =>
  identities.flatMap((identity) =>
    names === undefined
      ? [{ identity }]
      : things
          // Nothing is parked where all is well.
          .filter((thing) => names !== 'parked' || thing === 'missing' || thing === 'malformed')
          .map((thing) => ({ identity, thing })),
  );

async function idFor(entry: Entry, { identity, thing }: Cell, status: number): Promise<string> {
  if (thing === 'malformed') return '-none-of-ours';
  if (thing === 'missing') return entry.names === 'parked' ? NO_PARKED : randomUUID();
  const owner = thing === 'own' ? identity.self : identity.other;
  const unchanged = status >= 400 || entry.fresh === undefined;
  if (!unchanged) return entry.fresh(owner);
  const { orderId: order, accountId: account, notificationId: notification, id: user } = owner;
  const { requestId: request, orderNumber: number, eventId: event } = owner;
  return { order, account, notification, user, request, number, event, parked: NO_PARKED }[entry.names ?? 'user'];
}

interface Asked {
  readonly cell: Cell;
  readonly path: string;
  readonly expected: number;
  readonly reply: HttpReply<unknown>;
}

async function ask(route: string, entry: Entry, cell: Cell): Promise<Asked> {
  const [service = '', method = 'get', template = ''] = route.split(' ');
  const status = expected(entry, cell);
  const id = cell.thing === undefined ? '' : await idFor(entry, cell, status);
  const path = fillIn(addressOf(service, `${template}${entry.query ?? ''}`), id);
  const { options, self } = cell.identity;
  const asker = entry.byNewcomer && status < 400 && cell.identity.takenFor !== 'nobody' ? await standIn(self) : self;
  const body = await entry.body?.({ ...cell.identity, self: asker });
  const reply = await send(method, path, body, asker === self ? options : { token: asker.token });
  return { cell, path, expected: status, reply };
}

const standIn = async (self: Member): Promise<Member> => ({ ...self, ...(await newcomer(self.role)) });

function send(method: string, path: string, body: unknown, options: Identity['options']): Promise<HttpReply<unknown>> {
  if (method === 'get') return http.get(path, options);
  return http[method as 'post' | 'put' | 'patch' | 'delete'](path, body, options);
}

const nameOf = ({ identity, thing }: Cell): string => (thing ? `${identity.name}, ${thing}` : identity.name);

describe('the table', () => {
  it('has every route that there is, and none besides', () => {
    expect([...operations.keys()].sort()).toEqual([...table.keys()].sort());
  });

  it('says of each route what its document says: who needs a credential, and where a machine may', () => {
    const told = [...operations].map(([route, { security }]) => [
      route,
      security.length > 0,
      security.some((one) => 'staffKey' in one),
    ]);
    const known = new Map([...table].map(([route, entry]) => [route, entry]));
    expect(told).toEqual(
      told.map(([route]) => {
        const entry = known.get(String(route));
        return [route, entry?.who !== 'public', entry?.machine !== undefined];
      }),
    );
  });
});

describe('each of those who knock gets what is theirs, and nothing else, at', () => {
  it.each([...table.keys()])('%s', async (route) => {
    const entry = table.get(route);
    const operation = operations.get(route);
    if (entry === undefined || operation === undefined) throw new Error(`there is no ${route}`);
    const asked = await Promise.all(cellsOf(entry).map((cell) => ask(route, entry, cell)));
    const faults = asked.flatMap(({ cell, path, reply, ...asked }) => [
      ...(reply.status === asked.expected
        ? []
        : [`${nameOf(cell)}: ${reply.status} instead of ${asked.expected}: ${reply.text.slice(0, 300)}`]),
      ...faultsOf(operation, path, reply).map((fault) => `${nameOf(cell)}: ${fault}`),
    ]);
    expect(faults).toEqual([]);
    expectNothingBetrayed(asked);
  });

  /** What belongs to somebody else looks exactly like what does not exist. */
  function expectNothingBetrayed(asked: readonly Asked[]): void {
    const hidden = asked.filter(({ cell, expected: status }) => cell.thing === "another's" && status === 404);
    for (const { cell, reply } of hidden) {
      const missing = asked.find(({ cell: { identity, thing } }) => identity === cell.identity && thing === 'missing');
      if (missing === undefined) throw new Error('a cell is missing');
      expect(comparable(reply)).toBe(comparable(missing.reply));
    }
  }
});

describe('a method that a path does not know', () => {
  const byPath = new Map<string, string[]>();
  for (const route of table.keys()) {
    const [service = '', method = '', path = ''] = route.split(' ');
    const address = addressOf(service, path);
    byPath.set(address, [...(byPath.get(address) ?? []), method]);
  }

  it.each([...byPath])('is refused to everybody at %s', async (template, methods) => {
    const others = ['get', 'post', 'put', 'patch', 'delete'].filter((method) => !methods.includes(method));
    const path = fillIn(template, randomUUID());
    const faults = await Promise.all(
      identities.flatMap(({ name, options }) =>
        others.map(async (method) => {
          const reply = await send(method, path, undefined, options);
          const allowed = reply.headers.get('allow')?.toLowerCase().split(', ') ?? [];
          return [
            ...(reply.status === 405 ? [] : [`${name} ${method}: ${reply.status}`]),
            ...(methods.every((known) => allowed.includes(known))
              ? []
              : [`${name} ${method}: allow ${allowed.join()}`]),
            ...faultsOfRefusal(path, reply),
          ];
        }),
      ),
    );
    expect(faults.flat()).toEqual([]);
  });
});

it.each(services)('an address that %s does not have is nowhere for everybody', async (service) => {
  const paths = ['/v1/none', '/v1', '/V1/OPERATIONS/STATUS', '/v1/operations', '/admin', '/.env', '/v1/orders/../none'];
  const replies = await Promise.all(
    identities.flatMap(({ options }) =>
      paths.map(async (path) => [path, await http.get(`/api/${service}${path}`, options)] as const),
    ),
  );
  for (const [path, reply] of replies) {
    expect([path, reply.status]).toEqual([path, 404]);
    const asked = new URL(`/api/${service}${path}`, 'http://any').pathname;
    expect(service === 'points' ? faultsOfEnvelope(reply) : faultsOfProblem(asked, reply)).toEqual([]);
  }
});

it('after all of that, everybody has what they had before', async () => {
  const keep = (had: object) => ({ ...had, account: {} });
  const after = await Promise.all(bystanders.map(belongings));
  // Their money has moved: by their own top-up and their own orders.
  expect(after.map(keep)).toEqual(before.map(keep));
});
