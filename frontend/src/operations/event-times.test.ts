import { fromField, toField } from './event-times.js';

describe('a moment in a field', () => {
  it('comes back as it was, wherever its reader is', () => {
    const at = '2026-11-06T12:30:15.000Z';
    expect(fromField(toField(at))).toBe(at);
  });

  it('may be none', () => {
    expect([toField(undefined), fromField('')]).toEqual(['', undefined]);
  });
});
