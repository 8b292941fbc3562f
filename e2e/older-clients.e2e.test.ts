import { client, eventually } from '@g-store/testing';
import { LEGACY_PORTS, scopedKey, stack } from './stack';

const [eventStore, queue] = [LEGACY_PORTS.eventStore, LEGACY_PORTS.queue].map((port) =>
  client(`http://127.0.0.1:${port}`),
) as [ReturnType<typeof client>, ReturnType<typeof client>];
const machine = { staffKey: scopedKey('points') };
const CUSTOMER = 70_707;

it('tells where the older systems’ clients find us', async () => {
  const told = await stack('up', '--no-seed');
  for (const port of Object.values(LEGACY_PORTS)) expect(told).toContain(`server listen at :${port}`);
});

describe('a client of the older event store, at its port', () => {
  it('adds and deducts points with nothing but a credential more than before', async () => {
    const requested = await eventStore.post<{ data: { request_id: string } }>(
      `/v1/point/${CUSTOMER}/add`,
      { point: 12.5 },
      machine,
    );
    expect(requested.status).toBe(200);
    const id = requested.body.data.request_id;
    await eventually(async () => {
      const fate = await eventStore.get(`/v1/point/requests/${id}`, machine);
      expect(fate.body).toMatchObject({ data: { status: 'APPLIED' }, metadata: {} });
    });
    const { text } = await eventStore.get(`/v1/point/${CUSTOMER}/latest`, machine);
    expect(text).toBe('{"data":{"total_point":12.5},"metadata":{}}');
  });

  it('gets nothing without one', async () => {
    for (const headers of [{}, { 'x-user-id': String(CUSTOMER) }]) {
      expect((await eventStore.post(`/v1/point/${CUSTOMER}/add`, { point: 1 }, { headers })).status).toBe(401);
      expect((await eventStore.get(`/v1/point/${CUSTOMER}/latest`, { headers })).status).toBe(401);
    }
    expect((await eventStore.get(`/v1/point/1/latest`, { staffKey: scopedKey('orders') })).status).toBe(403);
  });
});

describe('a client of the older queue, at its port', () => {
  it('finds its root, its ping and its envelope', async () => {
    expect((await queue.get('/')).text).toBe('{"status":200,"message":"root","data":null}');
    expect((await queue.get('/ping')).text).toBe('{"status":200,"message":"pong","data":null}');
    const nowhere = await queue.get('/nowhere');
    expect([nowhere.status, nowhere.text]).toEqual([
      404,
      '{"status":404,"message":"Not Found:page not found","data":null}',
    ]);
  });

  it('adds points, and asks what became of that where the answer says', async () => {
    const asked = await queue.post('/v1/point/add', { user_id: CUSTOMER + 1, point: 1_000 }, machine);
    expect([asked.status, asked.text]).toEqual([202, '{"status":202,"message":"Accepted","data":null}']);
    const location = asked.headers.get('location') ?? '';
    await eventually(async () =>
      expect((await queue.get(location, machine)).body).toMatchObject({ data: { status: 'APPLIED' } }),
    );
    const { body } = await queue.get(`/v1/point?id=${CUSTOMER + 1}`, machine);
    expect(body).toMatchObject({ status: 200, message: 'OK', data: { UserID: CUSTOMER + 1, Point: 1_000 } });
  });

  it('gets nothing without a credential', async () => {
    const refused = await queue.post('/v1/point/add', { user_id: CUSTOMER, point: 1 });
    expect([refused.status, refused.body]).toMatchObject([401, { status: 401, data: null }]);
  });
});

it.each(['/livez', '/readyz', '/metrics', '/x/../metrics'])('%s is not told there', async (path) => {
  for (const port of [eventStore, queue]) expect((await port.get(path)).status).toBe(404);
});
