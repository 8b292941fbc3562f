import { settle } from './settled-rows.js';

const rows = (...ids: readonly string[]) => ids.map((id) => ({ id }));
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).join('');

describe('a list that somebody is looking at', () => {
  it('begins with what there is', () => {
    expect(settle([], rows('c', 'b', 'a'))).toEqual({ rows: rows('c', 'b', 'a'), fresh: 0 });
  });

  it('does not move for what is new: that waits, and is counted', () => {
    const { rows: shown, fresh } = settle(rows('c', 'b', 'a'), rows('e', 'c', 'd', 'b', 'a'));
    expect(ids(shown)).toBe('cba');
    expect(fresh).toBe(2);
  });

  it('keeps a row that is no longer in it', () => {
    const { rows: shown, fresh } = settle(rows('c', 'b', 'a'), rows('c', 'a'));
    expect(ids(shown)).toBe('cba');
    expect(fresh).toBe(0);
  });

  it('grows at its end when older ones are asked for', () => {
    const { rows: shown, fresh } = settle(rows('d', 'c'), rows('e', 'd', 'c', 'b', 'a'));
    expect(ids(shown)).toBe('dcba');
    expect(fresh).toBe(1);
  });

  it('lets everything wait when nothing of what is shown is left', () => {
    const { rows: shown, fresh } = settle(rows('b', 'a'), rows('d', 'c'));
    expect(ids(shown)).toBe('ba');
    expect(fresh).toBe(2);
  });

  it('shows the newest of each row in its place', () => {
    const paid = { id: 'b', state: 'PAID' };
    const { rows: shown } = settle([{ id: 'b', state: 'PENDING' }], [paid]);
    expect(shown[0]).toBe(paid);
  });

  it('is the very same list when nothing has changed', () => {
    const shown = rows('b', 'a');
    expect(settle(shown, [...shown]).rows).toBe(shown);
  });
});
