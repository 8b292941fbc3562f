import { withCookie } from './gophermart-sign-in.js';

const asked: object[] = [];
const authenticate = withCookie(
  async (headers) => {
    asked.push(headers);
    return undefined;
  },
  ['http://localhost:8000'],
);
beforeEach(() => void (asked.length = 0));

describe('signing in to Gophermart', () => {
  it('takes the cookie for a token, wherever it stands', async () => {
    for (const cookie of ['jwt=abc', 'a=b; jwt=abc', 'a=b;jwt=abc; c=d']) await authenticate({ cookie });
    expect(asked).toEqual(Array(3).fill({ authorization: 'Bearer abc' }));
  });

  it('takes no other cookie, and none that is empty', async () => {
    for (const cookie of ['xjwt=abc', 'jwt=', 'a=jwt=abc']) await authenticate({ cookie });
    expect(asked).toEqual([]);
  });

  it('prefers a header, which no foreign page can make a browser send', async () => {
    const headers = { authorization: 'Bearer xyz', cookie: 'jwt=abc', origin: 'http://evil.example' };
    await authenticate(headers);
    expect(asked).toEqual([headers]);
  });

  it.each(['http://evil.example', 'null', 'http://localhost:8000.evil.example', 'http://localhost:9999'])(
    'gives a page of %s nothing for a cookie',
    async (origin) => {
      await expect(authenticate({ cookie: 'jwt=abc', origin, host: 'localhost:8082' })).rejects.toMatchObject({
        code: 'forbidden',
      });
    },
  );

  it('serves a page of an allowed origin, and of this very host', async () => {
    await authenticate({ cookie: 'jwt=abc', origin: 'http://localhost:8000', host: 'localhost:8082' });
    await authenticate({ cookie: 'jwt=abc', origin: 'http://shop.example:8082', host: 'shop.example:8082' });
    expect(asked).toHaveLength(2);
  });
});
