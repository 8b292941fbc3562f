import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure, Measured } from './figure.mts';

export const documentFile = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');

export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

export interface Reached {
  readonly what: string;
  readonly floor: boolean;
  /** Left out where the floor is all that is wanted. */
  readonly goal?: boolean;
}

/** `3.10 × pgbench (above the floor, below the goal)` and so on. */
export const verdict = (reached: readonly Reached[]): string =>
  reached
    .map(
      ({ what, floor, goal }) =>
        `${what} (${goal === true ? 'the goal' : !floor ? 'BELOW THE FLOOR' : goal === false ? 'above the floor, below the goal' : 'above the floor'})`,
    )
    .join('; ');

export interface Section {
  readonly figure: Figure;
  readonly measured: Measured;
  readonly machine: Readonly<Record<string, string>>;
}

/** Puts a figure's section in place of its earlier one, or at the end; every other line stays as it is. */
export function replaceSection(document: string, { figure, measured, machine }: Section): string {
  const [begin, end] = [`<!-- ${figure.name} -->`, `<!-- /${figure.name} -->`];
  const facts = Object.entries({ ...machine, ...measured.settings }).map(([name, value]) => `${name} ${value}`);
  const section = [
    begin,
    `## ${figure.title}`,
    figure.what,
    `**Floor**: ${figure.floor}. **Goal**: ${figure.goal}.`,
    figure.render(measured),
    `**What holds it**: ${figure.holds}`,
    `<sub>\`npm run bench -- ${figure.name}\`: ${facts.join(' · ')}</sub>`,
    end,
  ].join('\n\n');
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  return from < 0 || to < 0
    ? `${document.trimEnd()}\n\n${section}\n`
    : `${document.slice(0, from)}${section}${document.slice(to + end.length)}`;
}

const preamble = `# Benchmarks

Made by \`npm run bench\`; each section is replaced when its figure is measured again. The ratios are what is claimed: every
figure stands beside its peers and its limit, measured in the same run on the same machine, one after the other in each round,
and the tables show the medians of the rounds. Absolute numbers are context: they say what one machine did on one day.
The rounds themselves are in \`bench/results\`.
`;

export function writeDocument(section: Section): void {
  const document = existsSync(documentFile) ? readFileSync(documentFile, 'utf8') : preamble;
  writeFileSync(documentFile, replaceSection(document, section));
}
