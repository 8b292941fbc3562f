import { stepsOf } from './steps-of.js';

const entry = (status: 'PENDING' | 'PAID' | 'CANCELLED', version: number) => ({
  status,
  version,
  actor: 'payments',
  at: `2026-11-27T00:0${version}:00Z`,
});

describe('the steps of an order', () => {
  it('are all shown, with where it is and the times that are known', () => {
    const steps = stepsOf('PAID', [entry('PENDING', 1), entry('PAID', 2)]);
    expect(steps.map(({ status, phase }) => `${status} ${phase}`)).toEqual([
      'PENDING done',
      'PAID current',
      'ASSEMBLING coming',
      'ASSEMBLED coming',
      'DELIVERING coming',
      'ISSUED coming',
    ]);
    expect(steps[1]?.at).toBe('2026-11-27T00:02:00Z');
  });

  it('end where it was cancelled', () => {
    const steps = stepsOf('CANCELLED', [entry('PENDING', 1), entry('PAID', 2), entry('CANCELLED', 3)]);
    expect(steps.map(({ status, phase }) => `${status} ${phase}`)).toEqual([
      'PENDING done',
      'PAID done',
      'CANCELLED current',
    ]);
  });

  it('are shown before its history has come', () => {
    expect(stepsOf('CANCELLED', []).map(({ status }) => status)).toEqual(['PENDING', 'CANCELLED']);
  });
});
