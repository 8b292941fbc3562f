import { z } from 'zod';
import { decodeCursor, encodeCursor, lenientPageQuery, nextLink, pageQuery } from './paging.js';

describe('a page of a list', () => {
  it('has 20 lines unless told otherwise, and never more than 100', () => {
    expect(pageQuery.parse({})).toEqual({ limit: 20 });
    expect(pageQuery.parse({ limit: '7', cursor: 'x' })).toEqual({ limit: 7, cursor: 'x' });
    expect(pageQuery.parse({ limit: '5000' })).toEqual({ limit: 100 });
  });

  it.each(['0', '-1', '1.5', '1e1', ' 5', 'all', '', '99999999999'])(
    'is refused with a limit of %j, or falls back where a dialect says so',
    (limit) => {
      expect(pageQuery.safeParse({ limit }).success).toBe(false);
      expect(lenientPageQuery.parse({ limit, page: limit })).toEqual({ limit: 20, page: 1 });
    },
  );

  it('may be asked for by number', () => {
    expect(lenientPageQuery.parse({ page: '3', limit: '500' })).toEqual({ page: 3, limit: 100 });
  });
});

describe('a cursor', () => {
  const Position = z.tuple([z.iso.datetime(), z.uuid()]);
  const position: [string, string] = ['2030-01-01T00:00:00Z', '0198f2c5-8c3e-7aaa-8000-000000000001'];

  it('leads back to where the page before ended', () => {
    expect(decodeCursor(Position, encodeCursor(position))).toEqual(position);
    expect(decodeCursor(Position, undefined)).toBeUndefined();
    expect(encodeCursor(position)).toMatch(/^[\w-]+$/);
  });

  it.each([
    '',
    'x',
    '%%%',
    encodeCursor([]),
    encodeCursor(['a', 'b']),
    encodeCursor([...position, 1]),
    `${encodeCursor(position)}A`,
    `${encodeCursor(position)}!`,
    Buffer.from('{"__proto__":1}').toString('base64url'),
  ])('is refused when it is none of ours: %s', (cursor) => {
    const decode = () => decodeCursor(Position, cursor);
    expect(decode).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        extra: { errors: [{ pointer: '/cursor', detail: 'is not a cursor of this list' }] },
      }),
    );
  });

  it('stands in the link to the next page, instead of a page number', () => {
    expect(nextLink('/v1/orders?page=2&limit=5', 'abc')).toEqual({
      link: '</v1/orders?limit=5&cursor=abc>; rel="next"',
    });
    expect(nextLink('/v1/orders/?cursor=old', 'new')).toEqual({ link: '</v1/orders/?cursor=new>; rel="next"' });
    expect(nextLink('/v1/orders', null)).toEqual({});
    expect(nextLink('//evil.example/x', 'abc')).toEqual({ link: expect.not.stringContaining('evil') });
  });
});
