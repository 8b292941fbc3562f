import { answerIn } from './accrual-answer.js';

const order = '12345678903';
const ok = (body: string, headers = {}) => answerIn(order, { status: 200, headers, body });
const saying = (fields: string) => ok(`{"order":"${order}",${fields}}`);

describe('what an accrual system says', () => {
  it.each([
    ['729.98', 72_998n],
    ['500', 50_000n],
    ['500.5', 50_050n],
    ['500.500', 50_050n],
    ['0', 0n],
    ['0.1', 10n],
    ['9999999999.99', 999_999_999_999n],
  ])('of %s points is read to the last hundredth', (written, accrual) => {
    expect(saying(`"status":"PROCESSED","accrual":${written}`)).toEqual({ kind: 'processed', accrual });
  });

  it('of an order that has earned nothing', () => {
    expect(saying('"status":"PROCESSED"')).toEqual({ kind: 'processed', accrual: 0n });
    expect(saying('"status":"INVALID"')).toEqual({ kind: 'invalid' });
  });

  it('of an order in hand', () => {
    expect(saying('"status":"REGISTERED"')).toEqual({ kind: 'processing' });
    expect(saying('"status":"PROCESSING","more":[1]')).toEqual({ kind: 'processing' });
  });

  it('names the owner of an order of our own shop', () => {
    const body = `{"order":"${order}","status":"PROCESSED","accrual":5}`;
    expect(ok(body, { 'g-store-owner': 'u1' })).toEqual({ kind: 'processed', accrual: 500n, owner: 'u1' });
  });

  it.each([
    ['a negative accrual', `{"order":"${order}","status":"PROCESSED","accrual":-5}`],
    ['an accrual in words', `{"order":"${order}","status":"PROCESSED","accrual":"729.98"}`],
    ['an accrual of null', `{"order":"${order}","status":"PROCESSED","accrual":null}`],
    ['three decimals', `{"order":"${order}","status":"PROCESSED","accrual":0.125}`],
    ['an exponent', `{"order":"${order}","status":"PROCESSED","accrual":1e3}`],
    ['more than any account takes', `{"order":"${order}","status":"PROCESSED","accrual":10000000000.01}`],
    ['NaN', `{"order":"${order}","status":"PROCESSED","accrual":NaN}`],
    ['another order', `{"order":"18","status":"PROCESSED","accrual":5}`],
    ['an unknown status', `{"order":"${order}","status":"DONE","accrual":5}`],
    ['no status', `{"order":"${order}"}`],
    ['half an answer', `{"order":"${order}","status":"PROC`],
    ['nothing', ''],
    ['a list', '[]'],
    ['a page', '<html>'],
  ])('is nothing when it says %s', (_what, body) => {
    expect(ok(body).kind).toBe('failed');
  });

  it.each([301, 302, 307, 400, 401, 404, 500, 502, 503])('is nothing with status %i', (status) => {
    expect(answerIn(order, { status, headers: {}, body: `{"order":"${order}","status":"INVALID"}` }).kind).toBe(
      'failed',
    );
  });

  it('is that it does not know the order', () => {
    expect(answerIn(order, { status: 204, headers: {}, body: '' })).toEqual({ kind: 'unknown' });
  });
});

describe('how long to wait', () => {
  const after = (headers: Record<string, string>, body = '') => answerIn(order, { status: 429, headers, body });

  it('is what Retry-After says, in seconds or as a date', () => {
    expect(after({ 'retry-after': '60' })).toEqual({ kind: 'limited', retryAfterMs: 60_000 });
    const date = new Date('2026-01-02T03:04:05Z');
    const later = new Date(date.getTime() + 90_000);
    expect(after({ 'retry-after': later.toUTCString(), date: date.toUTCString() })).toMatchObject({
      retryAfterMs: 90_000,
    });
  });

  it.each([[{}], [{ 'retry-after': 'soon' }], [{ 'retry-after': '' }]])('is a minute with %j', (headers) => {
    expect(after(headers)).toMatchObject({ retryAfterMs: 60_000 });
  });

  it('is never nothing and never for ever', () => {
    expect(after({ 'retry-after': '0' })).toMatchObject({ retryAfterMs: 1_000 });
    expect(after({ 'retry-after': '999999999' })).toMatchObject({ retryAfterMs: 86_400_000 });
  });

  it('comes with how many are allowed', () => {
    expect(after({ 'retry-after': '60' }, 'No more than 3000 requests per minute allowed')).toEqual({
      kind: 'limited',
      retryAfterMs: 60_000,
      perMinute: 3_000,
    });
  });
});
