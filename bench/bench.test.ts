import { replaceSection } from './document.mts';
import type { Figure } from './figure.mts';
import { createTold, drain } from './journey/drain.mts';
import { withPart } from './results.mts';
import type { Customer } from './shop.mts';
import { median, medians, percentilesOf } from './statistics.mts';

describe('the numbers of several rounds', () => {
  it('are told by their middle one, field by field', () => {
    expect(median([30, 10, 20])).toBe(20);
    expect(median([1, 2, 3, 10])).toBe(2.5);
    expect(
      medians([
        { a: 1, b: 9 },
        { a: 5, b: 8 },
        { a: 3, b: 7 },
      ]),
    ).toEqual({ a: 3, b: 8 });
  });

  it('have a p99 that one slow request in a hundred does not move', () => {
    const quick = Array.from({ length: 99 }, () => 1);
    expect(percentilesOf([...quick, 50])).toEqual({ p50: 1, p99: 1, max: 50 });
    expect(percentilesOf([...quick.slice(1), 50, 50]).p99).toBe(50);
  });
});

describe('the document', () => {
  const figure = { name: 'speed', title: 'Speed', render: () => 'table', holds: 'h' } as unknown as Figure;
  const section = { figure, measured: { numbers: {}, settings: { fsync: 'on' } }, machine: { Node: 'v24' } };

  it('keeps what others wrote when a figure is measured again', () => {
    const once = replaceSection('# Title\n\nby hand', section);
    const twice = replaceSection(`${once}\n<!-- other -->kept<!-- /other -->\n`, {
      ...section,
      figure: { ...figure, render: () => 'newer table' },
    });
    expect(once).toContain('fsync on');
    expect(twice).toContain('newer table');
    expect(twice).not.toContain('\ntable');
    expect(twice.startsWith('# Title\n\nby hand')).toBe(true);
    expect(twice).toContain('kept');
  });
});

describe('a part measured again', () => {
  it('takes the place of its earlier numbers, says when, and leaves the other parts alone', () => {
    const machine = { on: '2026-01-01', commit: 'old', 'machine busy': '10 %' };
    const whole = { numbers: { 'a ours': [{ n: 1 }], 'b gone': [{ n: 2 }] }, settings: { fsync: 'on' }, machine };
    const now = { on: '2026-01-02', commit: 'new', 'machine busy': '20 %' };
    expect(withPart(whole, 'b', { numbers: { 'b ours': [{ n: 3 }] }, settings: {}, machine: now })).toEqual({
      numbers: { 'a ours': [{ n: 1 }], 'b ours': [{ n: 3 }] },
      settings: { fsync: 'on' },
      machine: { ...machine, 'part b': 'again on 2026-01-02, commit new, machine busy 20 %' },
    });
  });
});

describe('draining a shop', () => {
  /** Tells each order to its customer after `delay` turns of the event loop; 0: before the answer to its POST. */
  const shop = (delay: number) => {
    const told = createTold();
    let [count, open, mostOpen] = [0, 0, 0];
    const customer: Customer = {
      async place() {
        const id = `order-${(count += 1)}`;
        mostOpen = Math.max(mostOpen, (open += 1));
        const tell = (left: number): void => {
          if (left > 0) return void setImmediate(() => tell(left - 1));
          open -= 1;
          told.heard(id);
        };
        tell(delay);
        return id;
      },
      status: async () => 'PAID',
      watch: async () => {},
      [Symbol.asyncDispose]: async () => {},
    };
    return { told, customers: [customer], mostOpen: () => mostOpen, count: () => count };
  };

  it('counts every order once, also one that is told before its POST is answered', async () => {
    const { told, customers, count } = shop(0);
    await drain(told, { customers, orders: 50, callers: 4, ahead: 10 });
    expect(count()).toBe(50);
    expect(told.twice).toBe(0);
  });

  it('never runs further ahead than it may', async () => {
    const { told, customers, mostOpen } = shop(3);
    await drain(told, { customers, orders: 100, callers: 20, ahead: 8 });
    expect(mostOpen()).toBeLessThanOrEqual(8);
  });

  it('notices an order that is told twice', async () => {
    const { told, customers } = shop(0);
    await drain(told, { customers, orders: 1, callers: 1, ahead: 1 });
    told.heard('order-1');
    expect(told.twice).toBe(1);
  });
});
