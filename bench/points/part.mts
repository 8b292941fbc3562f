import type { MeasureOptions, Numbers } from '../figure.mts';
import type { BenchStack } from '../stack.mts';

/** One of the questions that the figure answers; measured and told by itself. */
export interface PointsPart {
  /** What `--part` calls it. */
  readonly name: 'a' | 'b' | 'c' | 'd';
  readonly title: string;
  readonly what: string;
  measure(stack: BenchStack, options: MeasureOptions): Promise<Numbers>;
  render(numbers: Numbers): string;
}
