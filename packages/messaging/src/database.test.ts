import { isTransient, sqlState } from './database.js';

const fromServer = (code: string): Error => Object.assign(new Error('said the server'), { code, severity: 'ERROR' });

describe('what may be tried again', () => {
  it.each(['08006', '40001', '40P01', '53300', '57P01', '57P03'])('PostgreSQL says %s', (code) => {
    expect(isTransient(fromServer(code))).toBe(true);
    expect(sqlState(fromServer(code))).toBe(code);
  });

  it.each(['23505', '23514', '22012', '42601', '57014', '55P03'])('but not when it says %s', (code) => {
    expect(isTransient(fromServer(code))).toBe(false);
  });

  it('a connection that was lost or never made', () => {
    expect(isTransient(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe(true);
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isTransient(new Error('Client has encountered a connection error and is not queryable'))).toBe(true);
  });

  it('but not a mistake of ours', () => {
    expect(isTransient(new TypeError('x is not a function'))).toBe(false);
    expect(isTransient(undefined)).toBe(false);
    expect(sqlState(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }))).toBeUndefined();
  });
});
