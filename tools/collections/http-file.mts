import { operationsOf, type OpenApi } from './document.mts';
import { written, type As, type Scenario, type Step } from './step.mts';

/** The same requests as a file that editors send (VS Code's REST Client, and others of that dialect), as the people of the demo. */
export function httpFileOf(service: string, document: OpenApi, { steps }: Scenario): string {
  const operations = operationsOf(document);
  const people: readonly As[] = service === 'identity' ? ['staff', 'operator'] : ['customer', 'staff', 'operator'];
  const used = people.filter((who) => steps.some(({ as }) => as === who));
  // Where each variable comes from at this point of the file: editors know the answers of named requests.
  const sources = new Map(used.map((who) => [`${who}Token`, `${who}.response.body.$.accessToken`]));
  const requests = steps.map((step, index) => {
    const call = `${nameOf(step)}${index + 1}`;
    const title = step.name ?? operations.get(step.operation)?.summary ?? step.operation;
    const text = requestOf(step, call, title).replace(/\{\{(\w+)\}\}/g, (same, variable: string) =>
      sources.has(variable) ? `{{${sources.get(variable)}}}` : same,
    );
    for (const [variable, at] of Object.entries(step.saves ?? {}))
      sources.set(variable, `${call}.response.body.$.${at.replace(/\.(\d+)/g, '[$1]')}`);
    return text;
  });
  return [
    `# ${document.info.title}: every route, ready to send. Made by tools/collections.mts from the OpenAPI document: do not edit.`,
    `# The people are those of the demo (npm run seed). Send the requests from top to bottom.`,
    '',
    `@gateway = http://localhost:8000`,
    `@service = {{gateway}}/api/${service}`,
    ...Object.entries(fixed)
      .filter(([variable]) => requests.some((text) => text.includes(`{{${variable}}}`)))
      .map(([variable, value]) => `@${variable} = ${value}`),
    '',
    ...used.map(signIn),
    ...requests,
  ].join('\n');
}

/** What a run of the collection makes anew for itself. */
const fixed = {
  login: 'guest',
  password: 'guest-password',
  orderNumber: '12345678903',
  otherNumber: '2377225624',
  match: 'Bork',
};

const loginOf: Readonly<Record<As, string>> = { nobody: '', customer: 'alice', staff: 'staff', operator: 'operator' };

const signIn = (who: As): string => `### Sign in as ${loginOf[who]}
# @name ${who}
POST {{gateway}}/api/identity/v1/sessions
Content-Type: application/json

${JSON.stringify({ login: loginOf[who], password: `${loginOf[who]}-password` })}
`;

const nameOf = ({ operation }: Step): string =>
  operation.replace(/\W+(\w)?/g, (_, letter: string = '') => letter.toUpperCase());

function requestOf(step: Step, call: string, name: string): string {
  const { operation, as, status, params = {}, query = {}, headers = {}, body } = step;
  const [method = '', path = ''] = operation.split(' ');
  const url = path.replace(/\{(\w+)\}/g, (_, variable: string) => params[variable] ?? '');
  const search = Object.entries(query).map(([key, value]) => `${key}=${value}`);
  const lines = [
    ...(as === 'nobody' ? [] : [`Authorization: Bearer {{${as}Token}}`]),
    ...(body === undefined ? [] : [`Content-Type: ${written(body).type}`]),
    ...Object.entries(headers).map(([key, value]) => `${key}: ${value}`),
  ];
  return [
    `### ${name} → ${status}`,
    `# @name ${call}`,
    `${method.toUpperCase()} {{service}}${url}${search.length > 0 ? `?${search.join('&')}` : ''}`,
    ...lines,
    ...(body === undefined ? [] : ['', written(body).text]),
    '',
  ].join('\n');
}
