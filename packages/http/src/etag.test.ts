import { requireVersion, versioned } from './etag.js';

describe('a change from the version that was seen', () => {
  it.each([undefined, '"3"', '*', '"2", "3"', ' "3" '])('goes on with %s', (ifMatch) => {
    expect(() => requireVersion(ifMatch, 3)).not.toThrow();
  });

  it.each(['"2"', 'W/"3"', '3', '', '"33"', '"2", "4"'])('is refused with %j', (ifMatch) => {
    expect(() => requireVersion(ifMatch, 3)).toThrow(
      expect.objectContaining({ code: 'version_conflict', status: 412 }),
    );
  });
});

describe('a read of the version that is known', () => {
  it.each([
    ['"3"', 304],
    ['W/"3"', 304],
    ['"2", "3"', 304],
    ['*', 304],
    ['"2"', 200],
    [undefined, 200],
  ])('with %s answers %d', (ifNoneMatch, status) => {
    expect(versioned({ id: 1 }, 3, ifNoneMatch)).toMatchObject({ status, headers: { etag: '"3"' } });
  });
});
