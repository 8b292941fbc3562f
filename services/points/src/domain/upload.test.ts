import { checkNumber, handIn, handOver, progress, settle } from './upload.js';
import type { HandedIn, Upload } from './upload.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const number = '12345678903';
const handed: HandedIn = { number, userId: 'u1', shopOwner: undefined, earned: undefined };
const fresh: Upload = { number, owner: 'u1', status: 'NEW', version: 1, uploadedAt: now };

describe('handing in an order number', () => {
  it('is news the first time, and no news the second', () => {
    expect(handIn(undefined, handed, now)).toEqual({ upload: fresh, isNew: true });
    expect(handIn(fresh, handed, now)).toEqual({ upload: fresh, isNew: false });
  });

  it('is refused when somebody else was first', () => {
    expect(() => handIn({ ...fresh, owner: 'u2' }, handed, now)).toThrow(
      expect.objectContaining({ code: 'uploaded_by_another' }),
    );
  });

  it('of our own shop is only for its owner', () => {
    expect(() => handIn(undefined, { ...handed, shopOwner: 'u2' }, now)).toThrow(
      expect.objectContaining({ code: 'uploaded_by_another' }),
    );
    expect(handIn(undefined, { ...handed, shopOwner: 'u1' }, now).isNew).toBe(true);
  });

  it('of our own shop takes it from somebody who was first, but had no right to it', () => {
    const { upload, isNew } = handIn({ ...fresh, owner: 'u2' }, { ...handed, shopOwner: 'u1' }, now);
    expect([upload.owner, isNew]).toEqual(['u1', true]);
    expect(() => handIn(fresh, { ...handed, shopOwner: 'u2' }, now)).toThrow(
      expect.objectContaining({ code: 'uploaded_by_another' }),
    );
  });

  it('that has earned its reward already shows it at once', () => {
    const { upload } = handIn(undefined, { ...handed, shopOwner: 'u1', earned: 500n }, now);
    expect(upload).toMatchObject({ status: 'PROCESSED', accrual: 500n, decidedAt: now });
  });

  it.each([
    ['a wrong check digit', '12345678900'],
    ['nothing', ''],
    ['letters', 'abc'],
    ['a sign', '-18'],
    ['an exponent', '1e3'],
    ['256 digits', '0'.repeat(256)],
    ['10,000 digits', '7'.repeat(10_000)],
  ])('refuses %s', (_what, bad) => {
    expect(() => checkNumber(bad)).toThrow(expect.objectContaining({ code: 'invalid_order_number' }));
  });

  it('takes 255 digits', () => {
    expect(() => checkNumber('0'.repeat(255))).not.toThrow();
  });
});

describe('an upload', () => {
  it('goes from NEW by PROCESSING to its end, and stays there', () => {
    const processing = progress(fresh);
    const processed = settle(processing, 72_998n, now);
    expect([processing.status, processed.status, processed.accrual]).toEqual(['PROCESSING', 'PROCESSED', 72_998n]);
    expect(settle(processed, undefined, now)).toBe(processed);
    expect(progress(processed)).toBe(processed);
    expect(handOver(processed, 'u2')).toBe(processed);
  });

  it('that earns nothing says no accrual, whether it is invalid or not', () => {
    expect(settle(fresh, undefined, now)).toMatchObject({ status: 'INVALID' });
    expect(settle(fresh, 0n, now)).toMatchObject({ status: 'PROCESSED' });
    expect([settle(fresh, undefined, now), settle(fresh, 0n, now)].map(({ accrual }) => accrual)).toEqual([
      undefined,
      undefined,
    ]);
  });
});
