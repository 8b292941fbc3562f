import { startPointsForTest } from './running-points.js';
import type { RunningPoints } from './running-points.js';

let points: RunningPoints;
beforeAll(async () => (points = await startPointsForTest()));
afterAll(() => points?.[Symbol.asyncDispose]());
afterEach(async () => expect(await points.violations()).toEqual([]));

interface Page {
  readonly requests: readonly { readonly id: string; readonly status: string }[];
  readonly nextCursor: string | null;
}

const ask = async (user: string, kind: 'add' | 'deduct', point: number): Promise<string> => {
  const { body } = await points.machine.post<{ data: { request_id: string } }>(`/v1/point/${user}/${kind}`, { point });
  await points.fateOf(body.data.request_id);
  return body.data.request_id;
};

describe('what a partner asked for', () => {
  it('is seen by whose points they are, with its fate', async () => {
    const { userId, http } = points.person();
    expect((await http.get('/v1/accounts/mine/requests')).body).toEqual({ requests: [], nextCursor: null });
    const added = await ask(userId, 'add', 12.5);
    const refused = await ask(userId, 'deduct', 12.51);
    const times = { acceptedAt: expect.stringMatching(/Z$/), decidedAt: expect.stringMatching(/Z$/) };
    const { body } = await http.get('/v1/accounts/mine/requests');
    expect(body).toEqual({
      requests: [
        {
          id: refused,
          kind: 'DEDUCT',
          amount: 1251,
          status: 'REJECTED',
          reason: 'insufficient_points',
          balanceAfter: 1250,
          ...times,
        },
        { id: added, kind: 'ADD', amount: 1250, status: 'APPLIED', balanceAfter: 1250, ...times },
      ],
      nextCursor: null,
    });
  });

  it('is nobody else to see', async () => {
    const { userId } = points.person();
    await ask(userId, 'add', 1);
    expect((await points.person().http.get<Page>('/v1/accounts/mine/requests')).body.requests).toEqual([]);
  });

  it('is read page by page, the newest first', async () => {
    const { userId, http } = points.person();
    const asked: string[] = [];
    for (let n = 0; n < 3; n += 1) asked.unshift(await ask(userId, 'add', 1));
    const first = await http.get<Page>('/v1/accounts/mine/requests?limit=2');
    expect(first.headers.get('link')).toContain('rel="next"');
    const second = await http.get<Page>(`/v1/accounts/mine/requests?limit=2&cursor=${first.body.nextCursor ?? ''}`);
    expect([...first.body.requests, ...second.body.requests].map(({ id }) => id)).toEqual(asked);
    expect(second.body.nextCursor).toBeNull();
  });

  it('refuses a place that it never gave', async () => {
    expect((await points.person().http.get('/v1/accounts/mine/requests?cursor=x')).status).toBe(400);
  });
});
