import { verdictOf, type Finding } from './finding.mts';

const marks = { holds: '✓', violated: '✗', unknown: '?' } as const;

/** What was found as a person reads it. */
export function printFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ text }) => text.length));
  return findings
    .map((finding) => {
      const { id, text, violated, lookedAt } = finding;
      const verdict = verdictOf(finding);
      const looked = Object.entries(lookedAt)
        .map(([at, count]) => `${count.toLocaleString('en-US')} ${at}`)
        .join(', ');
      const head = `${marks[verdict]} ${id.padEnd(4)} ${text.padEnd(width)}  ${verdict.padEnd(8)}  ${looked}`;
      return [
        head,
        ...evidenceOf(finding),
        ...(verdict === 'unknown' ? [`       nothing to look at: ${missing(lookedAt)}`] : []),
      ]
        .concat(
          violated > finding.violations.length ? [`       … and ${violated - finding.violations.length} more`] : [],
        )
        .join('\n');
    })
    .join('\n');
}

const evidenceOf = ({ violations }: Finding): readonly string[] =>
  violations.map(({ what, is, shouldBe }) => `       ${what}\n         is ${is}; should be ${shouldBe}`);

const missing = (lookedAt: Finding['lookedAt']): string =>
  Object.entries(lookedAt)
    .flatMap(([at, count]) => (count === 0 ? [at] : []))
    .join(', ');

/** The same for programs. */
export const jsonOf = (findings: readonly Finding[]): string =>
  JSON.stringify(
    {
      passed: findings.every(passes),
      findings: findings.map((finding) => ({ ...finding, verdict: verdictOf(finding) })),
    },
    null,
    2,
  );

export const passes = (finding: Finding): boolean => verdictOf(finding) === 'holds';

/** 0: all holds. 1: something is violated. 3: nothing is, but not everything is known. */
export const exitCodeOf = (findings: readonly Finding[]): number => {
  const verdicts = findings.map(verdictOf);
  if (verdicts.includes('violated')) return 1;
  return verdicts.includes('unknown') || verdicts.length === 0 ? 3 : 0;
};
