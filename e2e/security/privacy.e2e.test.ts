import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@g-store/testing';
import { becomes, expectStatus, http, staff, watch, type Person } from '../shop';
import { NAME } from '../stack';
import { paidOrder, registered, shopper } from './cast';
import { addressOf, fillIn, table } from './table';

jest.setTimeout(60_000);

const canary = (what: string): string => `canary-${what}-${randomUUID()}`;

/** Somebody all of whose strings can be found again wherever they turn up. */
async function conspicuous() {
  const [login, password, name] = [canary('login'), canary('password'), canary('name')];
  const { id } = expectStatus(
    await http.post<{ id: string }>('/api/identity/v1/users', { login, password, name }),
    201,
  );
  const { accessToken: token, refreshToken } = expectStatus(
    await http.post<{ accessToken: string; refreshToken: string }>('/api/identity/v1/sessions', { login, password }),
    200,
  );
  const account = await http.post<{ id: string }>('/api/payments/v1/accounts', undefined, { token });
  const { id: accountId } = expectStatus(account, 201);
  expectStatus(await http.patch(`/api/payments/v1/accounts/${accountId}`, { amount: 1_000 }, { token }), 204);
  const [description, idempotencyKey] = [canary('description'), canary('key')];
  const { orderId } = expectStatus(
    await http.post<{ orderId: string }>(
      '/api/orders/v1/orders',
      { amount: 10, description },
      { token, idempotencyKey },
    ),
    201,
  );
  const person: Person = { id, login, token };
  await becomes(person, orderId, 'PAID');
  return {
    ...person,
    accountId,
    orderId,
    strings: { login, password, name, description },
    token,
    refreshToken,
    idempotencyKey,
  };
}

/** Everything that this shop has written down so far. */
const logs = (): readonly (readonly [string, string])[] => {
  const folder = join(__dirname, '../../.local', NAME, 'logs');
  return readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);
};

describe('what one customer has', () => {
  it('is in nothing that another can ask for, by address, by search or by cursor', async () => {
    const [anna, boris] = [await conspicuous(), await shopper()];
    await paidOrder(anna);
    const page = await http.get<{ nextCursor: string }>('/api/orders/v1/orders?limit=1', anna);
    const cursor = expectStatus(page, 200).nextCursor;
    const secrets = [...Object.values(anna.strings), anna.token, anna.refreshToken, anna.id];
    const asked = [
      ...everythingOf(anna),
      `/api/orders/v1/orders?cursor=${cursor}`,
      `/api/orders/v1/orders?limit=100`,
      `/api/orders/v1/orders?q=${anna.strings.description}`,
      `/api/orders/v1/staff/orders?q=canary`,
      `/api/identity/v1/users?q=canary`,
      `/api/payments/v1/accounts?userId=${anna.id}`,
    ];
    for (const path of asked) {
      const { text, headers } = await http.get(path, boris);
      const said = text.replace(JSON.stringify(path.split('?', 1)[0]), '') + JSON.stringify([...headers]);
      expect([path, secrets.filter((secret) => said.includes(secret))]).toEqual([path, []]);
      // Of anna's orders and accounts a stranger hears at most what they have asked with.
      expect(said).not.toContain(path.includes(anna.orderId) ? anna.accountId : anna.orderId);
    }
  });

  it('is in no frame of a socket that is not theirs, whatever it subscribes to', async () => {
    const [anna, boris, olga] = [await conspicuous(), await shopper(), await staff()];
    await using theirs = await watch(boris);
    await using staffs = await watch(olga);
    for (const target of [{ orderId: anna.orderId }, { scope: 'mine' }, { scope: 'all' }])
      theirs.send({ type: 'subscribe', ...target });
    staffs.send({ type: 'subscribe', scope: 'all' });
    await staffs.frame(({ type }) => type === 'subscribed');
    const id = await paidOrder(anna);
    await staffs.frame(({ data }) => data.orderId === id && data.status === 'PAID');
    const own = await paidOrder(boris);
    await theirs.frame(({ data }) => data.orderId === own && data.status === 'PAID');
    const heard = JSON.stringify(theirs.frames.filter(({ data }) => data.orderId !== anna.orderId));
    expect([...Object.values(anna.strings), anna.id, anna.accountId, id].filter((one) => heard.includes(one))).toEqual(
      [],
    );
    const ofHers = theirs.frames.filter(({ data }) => data.orderId === anna.orderId);
    expect(ofHers.filter(({ type }) => !['subscribed', 'error'].includes(type))).toEqual([]);
  });

  it('is in no log, nor are keys and tokens', async () => {
    const anna = await conspicuous();
    expectStatus(await http.get('/api/orders/v1/staff/orders', anna), 403);
    await http.get(`/api/orders/v1/orders?q=${anna.strings.description}&access_token=${anna.token}`, anna);
    await http.post('/api/identity/v1/sessions', { login: anna.login, password: `${anna.strings.password}!` });
    const marker = randomUUID();
    await http.get(`/api/orders/v1/orders/${anna.orderId}`, { token: anna.token, headers: { 'x-request-id': marker } });
    await loggedBy('orders.log', marker);
    await loggedBy('nginx.log', marker);
    const keptSecret = join(__dirname, '../../.local', NAME, 'secrets');
    const secrets = [
      ...[...Object.values(anna.strings), anna.token, anna.refreshToken, anna.idempotencyKey],
      ...readdirSync(keptSecret).map((file) => readFileSync(join(keptSecret, file), 'utf8').trim()),
    ];
    const found = logs().flatMap(([file, text]) =>
      secrets.filter((secret) => text.includes(secret)).map((secret) => `${file}: ${secret}`),
    );
    expect(found).toEqual([]);
  });
});

describe('a line of a log', () => {
  it('cannot be made by a customer', async () => {
    const anna = await shopper();
    const forged = `forged-${randomUUID()}`;
    const line = `\r\n{"level":"error","service":"orders","message":"${forged}"}\r\n`;
    const { orderId } = expectStatus(
      await http.post<{ orderId: string }>('/api/orders/v1/orders', { amount: 1, description: line }, anna),
      201,
    );
    const encoded = encodeURIComponent(line);
    const { login, password } = await registered();
    const marker = randomUUID();
    await Promise.all([
      http.get(`/api/orders/v1/orders/${encoded}`, anna),
      http.get(`/api/orders/v1/orders?q=${encoded}`, anna),
      http.get(`/api/${encoded}/v1/orders`, anna),
      http.get('/api/orders/v1/orders', {
        token: anna.token,
        headers: { 'x-request-id': forged, 'user-agent': forged },
      }),
      http.get('/api/orders/v1/orders', {
        token: anna.token,
        headers: { traceparent: `00-${forged}-01`, referer: forged },
      }),
      http.get('/api/orders/v1/orders', { staffKey: forged }),
      http.post('/api/identity/v1/sessions', { login: line, password: line }),
      http.post('/api/identity/v1/sessions', { login, password, cookie: forged }),
      http.post(`/api/orders/v1/orders/${orderId}/cancel`, { cancellationReason: line }, anna),
    ]);
    await http.get('/api/orders/v1/orders', { token: anna.token, headers: { 'x-request-id': marker } });
    await loggedBy('orders.log', marker);
    await loggedBy('nginx.log', marker);
    const lines = logs().flatMap(([, text]) => text.split('\n').filter((one) => one.includes(forged)));
    // As part of an address or as a request's own id it may be told; it is no line of its own.
    expect(lines.length).toBeGreaterThan(0);
    const made = lines.filter((one) => !isObject(one) || (JSON.parse(one) as { message?: string }).message === forged);
    expect(made).toEqual([]);
  });

  it('is one JSON object, each of them', () => {
    const services = logs().filter(([file]) => !file.startsWith('postgres'));
    const odd = services.flatMap(([file, text]) =>
      text
        .split('\n')
        .slice(0, -1)
        .filter((line) => !isObject(line))
        .map((line) => `${file}: ${line.slice(0, 200)}`),
    );
    expect(odd).toEqual([]);
  });
});

const isObject = (line: string): boolean => {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
};

/** Logs are written a little after the answer. */
const loggedBy = (file: string, marker: string): Promise<unknown> =>
  eventually(() => logs().some(([name, text]) => name === file && text.includes(marker)), { within: 5_000, every: 50 });

/** Every address of the shop that tells something, filled in with what is anna's. */
function everythingOf(anna: { orderId: string; accountId: string; id: string }): readonly string[] {
  const { orderId: order, accountId: account, id: user } = anna;
  const idOf = { order, account, user, notification: order, parked: '1', request: order, number: order, event: order };
  return [...table].flatMap(([route, { names, query = '' }]) => {
    const [service = '', method = '', path = ''] = route.split(' ');
    const address = addressOf(service, `${path}${query}`);
    return method === 'get' ? [fillIn(address, names ? idOf[names] : '')] : [];
  });
}
