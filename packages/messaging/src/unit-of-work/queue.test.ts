import { createJobQueue, type Job } from './queue.js';

const job = (...keys: readonly string[]): Job => ({
  command: { cause: { correlationId: 'c' } },
  run: async () => undefined,
  keys,
  settle: () => undefined,
});

describe('the queue of commands', () => {
  it('keeps back what touches a batch under way, and what came after it for the same keys', () => {
    const queue = createJobQueue();
    const first = job('order 1');
    queue.add(first);
    expect(queue.take(10)).toEqual([first]);
    const [same, both, after, other] = [job('order 1'), job('order 1', 'wallet'), job('wallet'), job('order 2')];
    for (const each of [same, both, after, other]) queue.add(each);
    expect(queue.take(10)).toEqual([other]);
    expect(queue.take(10)).toEqual([]);
    queue.release([first]);
    expect(queue.take(10)).toEqual([same, both, after]);
  });

  it('gives no more at once than asked for, in order of arrival', () => {
    const queue = createJobQueue();
    const jobs = [job('a'), job('a'), job('b'), job('c')];
    for (const each of jobs) queue.add(each);
    expect(queue.take(3)).toEqual([jobs[0], jobs[1], jobs[2]]);
    expect([queue.length, queue.take(3)]).toEqual([1, [jobs[3]]]);
  });
});
