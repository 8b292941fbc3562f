/** A list that grows at its end and is taken from at its front, both in constant time. */
export interface Deque<T> {
  readonly length: number;
  at(index: number): T | undefined;
  push(item: T): void;
  shift(): T | undefined;
  /** The items from an index on. */
  from(index: number): readonly T[];
}

const FEW = 32;

export function createDeque<T>(): Deque<T> {
  let items: (T | undefined)[] = [];
  let first = 0;
  return {
    get length() {
      return items.length - first;
    },
    at: (index) => items[first + index],
    push: (item) => void items.push(item),
    shift() {
      if (first === items.length) return undefined;
      const item = items[first];
      items[first] = undefined;
      first += 1;
      if (first > FEW && first * 2 > items.length) {
        items = items.slice(first);
        first = 0;
      }
      return item;
    },
    from: (index) => items.slice(first + index) as T[],
  };
}

/** The first index at which `reached` holds, of a list in which it holds from somewhere to the end. */
export function firstIndex<T>({ at, length }: Deque<T>, reached: (item: T) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reached(at(middle) as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
