import { silentLog } from '@g-store/runtime';
import { toProblem } from './faults.js';

const problemOf = (error: Error) => toProblem(error, { refusal: () => undefined, log: silentLog });
const withCode = (code: string) => Object.assign(new Error('it failed'), { code });

describe('an error that nobody expected', () => {
  it.each([
    withCode('ECONNREFUSED'),
    withCode('57P03'),
    withCode('08006'),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
  ])('says to come again where the database is away: %s', (error) => {
    const { status, extra } = problemOf(error);
    expect([status, extra.headers]).toEqual([503, { 'retry-after': '2' }]);
  });

  it.each([new Error('undefined is not a function'), withCode('23505'), withCode('42P01')])(
    'is a fault of ours otherwise: %s',
    (error) => expect(problemOf(error).status).toBe(500),
  );
});
