import { type Service } from './services.mts';

export interface ProblemPage {
  readonly status: number;
  readonly title: string;
  readonly meaning: string;
  readonly advice: string;
}

/** The gateway's own pages by path: the list of every API, and one page for each problem code. */
export function pagesOf(
  services: readonly Service[],
  problems: Readonly<Record<string, ProblemPage>>,
): ReadonlyMap<string, string> {
  const codes = Object.entries(problems);
  return new Map([
    ['docs/index.html', page('Every API of g-store', apiList(services))],
    ['problems/index.html', page('Problems', problemList(codes))],
    ...codes.map(
      ([code, problem]) => [`problems/${code}.html`, page(problem.title, problemText(code, problem))] as const,
    ),
  ]);
}

const apiList = (services: readonly Service[]): string => `<dl>
${services.map(apiEntry).join('\n')}
</dl>
<p>What services tell each other and what a websocket is told: <a href="/docs/events">the events</a> ·
<a href="/docs/asyncapi.json">AsyncAPI 3</a></p>`;

const apiEntry = ({ name, about, prefixes, shows }: Service): string => {
  const [prefix = '', ...others] = prefixes;
  const also = others.map((other) => `<code>${escape(other)}/</code>`).join(', ');
  return `<dt>${escape(name)}</dt>
<dd>${escape(about)}<br>
<a href="${prefix}/swagger/index.html">Swagger UI</a> · <a href="${prefix}/swagger/doc.json">OpenAPI 3.1</a> ·
${shows === undefined ? '' : `<a href="${prefix}/docs/">${escape(shows)}</a> ·\n`}under <code>${escape(prefix)}/</code>${also && `, ${also}`}</dd>`;
};

const problemList = (codes: readonly (readonly [string, ProblemPage])[]): string => `<dl>
${codes.map(([code, { status, title }]) => `<dt><a href="/problems/${code}"><code>${code}</code></a></dt>\n<dd>${status} · ${escape(title)}</dd>`).join('\n')}
</dl>`;

const problemText = (code: string, { status, meaning, advice }: ProblemPage): string => `<dl>
<dt>Code</dt><dd><code>${code}</code>, usually with status ${status}</dd>
<dt>What it means</dt><dd>${escape(meaning)}</dd>
<dt>What to do</dt><dd>${escape(advice)}</dd>
</dl>
<nav><a href="/problems/">All problems</a></nav>`;

export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/gateway.css">
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>
`;

export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
