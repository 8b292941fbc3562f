import { readAccrualSettings, readGophermartSettings } from './config.js';

const DATABASE_URI = 'postgres://me@localhost:5432/mart';

describe('what Gophermart is told', () => {
  it('may be the database alone', () => {
    expect(readGophermartSettings([], { DATABASE_URI })).toEqual({
      RUN_ADDRESS: { host: '127.0.0.1', port: 8080 },
      DATABASE_URI,
      ACCRUAL_SYSTEM_ADDRESS: undefined,
    });
  });

  it.each([
    ['localhost:8080', { host: '127.0.0.1', port: 8080 }],
    [':9000', { host: '', port: 9000 }],
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    ['[::1]:8080', { host: '::1', port: 8080 }],
    ['mart.example:1', { host: 'mart.example', port: 1 }],
  ])('listens at %s', (RUN_ADDRESS, address) => {
    expect(readGophermartSettings([], { DATABASE_URI, RUN_ADDRESS }).RUN_ADDRESS).toEqual(address);
  });

  it.each(['8080', 'localhost', 'localhost:', 'localhost:99999', 'http://localhost:8080', '::1:80', 'a b:1'])(
    'does not listen at %j',
    (RUN_ADDRESS) => expect(() => readGophermartSettings([], { DATABASE_URI, RUN_ADDRESS })).toThrow('RUN_ADDRESS'),
  );

  it.each([
    [['-d', DATABASE_URI, '-r', 'localhost:8085']],
    [[`-d=${DATABASE_URI}`, '-r=http://localhost:8085']],
    [[`--d=${DATABASE_URI}`, '--r', 'localhost:8085']],
  ])('may stand in flags: %j', (args) => {
    const settings = readGophermartSettings(args, {});
    expect([settings.DATABASE_URI, settings.ACCRUAL_SYSTEM_ADDRESS?.href]).toEqual([
      DATABASE_URI,
      'http://localhost:8085/',
    ]);
  });

  it('stands in variables first', () => {
    const settings = readAccrualSettings(['-a', 'localhost:1', '-d', 'nonsense'], { DATABASE_URI, RUN_ADDRESS: ':2' });
    expect(settings).toEqual({ RUN_ADDRESS: { host: '', port: 2 }, DATABASE_URI });
  });

  it('is refused as a whole, every fault of it at once', () => {
    const read = () => readAccrualSettings(['-r', 'x', '-a', 'y', 'z'], {});
    expect(read).toThrow(
      /-r is no flag here[\s\S]*x belongs to no flag[\s\S]*z belongs[\s\S]*RUN_ADDRESS[\s\S]*DATABASE_URI/,
    );
    expect(() => readAccrualSettings(['-d'], {})).toThrow('-d has no value');
  });
});
