import { createPace } from './pace.js';

describe('painting', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is at once after a quiet time, at most five times a second in a storm, and never leaves the last news out', () => {
    let news = 0;
    const painted: number[] = [];
    const pace = createPace(200, () => painted.push(news));
    for (let millisecond = 0; millisecond < 10_000; millisecond += 1) {
      news += 1;
      pace.ask();
      jest.advanceTimersByTime(1);
    }
    jest.advanceTimersByTime(1_000);
    expect(painted[0]).toBe(1);
    expect(painted.length).toBeLessThanOrEqual(51);
    expect(painted.at(-1)).toBe(10_000);
  });
});
