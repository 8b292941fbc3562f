/** One thing that is wrong, with what was seen and what should have been there. */
export interface Violation {
  readonly what: string;
  readonly is: string;
  readonly shouldBe: string;
}

/** What looking at one invariant brought. */
export interface Finding {
  readonly id: string;
  readonly text: string;
  /** How many rows, records and so on were looked at, all together. */
  readonly looked: number;
  /** The same, by what they were. */
  readonly lookedAt: Readonly<Record<string, number>>;
  /** How many violations there are. */
  readonly violated: number;
  /** The first of them. */
  readonly violations: readonly Violation[];
}

export type Verdict = 'holds' | 'violated' | 'unknown';

/** Where nothing was looked at nothing is known, and that is as little a pass as a violation is. */
export function verdictOf({ violated, lookedAt }: Finding): Verdict {
  if (violated > 0) return 'violated';
  const counts = Object.values(lookedAt);
  return counts.length === 0 || counts.some((count) => count === 0) ? 'unknown' : 'holds';
}

export interface Examination {
  look(at: string, count?: number): void;
  blame(what: string, is: string, shouldBe: string): void;
  finding(): Finding;
}

const examplesKept = 20;

/** Collects evidence for one invariant. Each of `at` has to be looked at, or the verdict is unknown. */
export function examine(id: string, text: string, at: readonly string[]): Examination {
  const lookedAt = new Map(at.map((each) => [each, 0]));
  const violations: Violation[] = [];
  let violated = 0;
  return {
    look: (what, count = 1) => void lookedAt.set(what, (lookedAt.get(what) ?? 0) + count),
    blame: (what, is, shouldBe) => {
      violated += 1;
      if (violations.length < examplesKept) violations.push({ what, is, shouldBe });
    },
    finding: () => ({
      id,
      text,
      looked: [...lookedAt.values()].reduce((sum, count) => sum + count, 0),
      lookedAt: Object.fromEntries(lookedAt),
      violated,
      violations,
    }),
  };
}
