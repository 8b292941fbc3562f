export interface MeasureOptions {
  /** Runs everything once and shortly: shows that it works, measures nothing. */
  readonly quick: boolean;
  /** Rounds in which every contender takes its turn. */
  readonly repeats: number;
  /** This part of the figure alone. */
  readonly part?: string | undefined;
}

/** By contender and circumstance, each round's numbers. */
export type Numbers = Readonly<Record<string, readonly Readonly<Record<string, number>>[]>>;

export interface Measured {
  readonly numbers: Numbers;
  /** What has to be the same for somebody else to come to the same ratios. */
  readonly settings: Readonly<Record<string, string>>;
}

/** One figure: how it is measured, and how it is told in docs/benchmarks.md. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  /** What can be measured by itself. */
  readonly parts?: readonly string[];
  /** Packages whose versions belong to the result. */
  readonly versionsOf: readonly string[];
  readonly what: string;
  readonly floor: string;
  readonly goal: string;
  /** What keeps it from being better, found by profiling; written by hand. */
  readonly holds: string;
  measure(options: MeasureOptions): Promise<Measured>;
  /** Tables and a verdict, as Markdown. */
  render(measured: Measured): string;
}
