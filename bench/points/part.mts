import type { MeasureOptions, Numbers } from '../figure.mts';
import type { BenchStack } from '../stack.mts';
import type { PointsDatabase } from './service.mts';

export interface PointsWorld {
  readonly stack: BenchStack;
  /** The service's, for all parts: another one would hear everything that is on its topics from the beginning. */
  readonly database: PointsDatabase;
}

/** One of the questions that the figure answers; measured and told by itself. */
export interface PointsPart {
  /** What `--part` calls it. */
  readonly name: 'a' | 'b' | 'c' | 'd';
  readonly title: string;
  readonly what: string;
  measure(world: PointsWorld, options: MeasureOptions): Promise<Numbers>;
  render(numbers: Numbers): string;
}
