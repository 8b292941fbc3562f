import converter from 'openapi-to-postmanv2';
import { answerOf, operationsOf, type Answer, type OpenApi } from './document.mts';
import { written, type As, type Scenario, type Step } from './step.mts';

/** An item of a Postman collection: a request, or several. */
export interface Folder {
  readonly name?: string;
  readonly item?: readonly Folder[];
  readonly request?: Request;
}

interface Request {
  readonly method: string;
  readonly description?: unknown;
  readonly url: { readonly path: readonly string[] };
}

/** The requests that the document describes, by `get /v1/orders/{id}`, as openapi-to-postmanv2 makes them. */
async function converted(document: OpenApi): Promise<ReadonlyMap<string, Folder & { readonly request: Request }>> {
  const { promise, resolve, reject } = Promise.withResolvers<Folder>();
  converter.convertV2(
    { type: 'string', data: JSON.stringify(document) },
    { folderStrategy: 'Tags' },
    (error, { result, reason, output }) => {
      const [first] = output ?? [];
      if (error || !result || first === undefined) reject(error ?? new Error(reason ?? 'not converted'));
      else resolve(first.data);
    },
  );
  const requests = new Map<string, Folder & { readonly request: Request }>();
  const walk = (folder: Folder): void => {
    const { request } = folder;
    if (request !== undefined) {
      const path = request.url.path.map((part) => part.replace(/^:(.+)$/, '{$1}')).join('/');
      requests.set(`${request.method.toLowerCase()} /${path}`, { ...folder, request });
    }
    folder.item?.forEach(walk);
  };
  walk(await promise);
  return requests;
}

/** A collection that a person can send request by request, and that newman runs from top to bottom. */
export async function collectionOf(
  service: string,
  document: OpenApi,
  { steps, customerHas }: Scenario,
): Promise<object> {
  const requests = await converted(document);
  const operations = operationsOf(document);
  const routes = steps.map((step) => {
    const request = requests.get(step.operation);
    const operation = operations.get(step.operation);
    if (request === undefined || operation === undefined) throw new Error(`${service} has no ${step.operation}`);
    const described = { name: step.name ?? request.name ?? step.operation, description: request.request.description };
    return itemOf(service, step, described, answerOf(document, operation, step.status));
  });
  const guarded = [...operations].filter(([, { security = [] }]) => security.length > 0);
  const strangers = guarded.map(([operation, guardedBy]) => {
    const step = {
      ...(steps.find((each) => each.operation === operation) ?? { operation }),
      as: 'nobody',
      status: 401,
    } as const;
    const { saves: _, until: __, ...plain } = { saves: undefined, until: undefined, ...step };
    return itemOf(service, plain, { name: `${operation} without a token` }, answerOf(document, guardedBy, 401));
  });
  return {
    info: {
      name: `g-store ${service}`,
      description: `${document.info.description ?? document.info.title}\n\nMade by tools/collections.mts from the OpenAPI document: do not edit.`,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    event: [scriptOf('prerequest', freshPerson)],
    variable: Object.entries(variables).map(([key, value]) => ({ key, value })),
    item: [
      { name: 'Before', description: 'People of this run, and what they need.', item: before(service, customerHas) },
      { name: 'Routes', item: routes },
      { name: 'Strangers', description: 'Nobody gets in without a token.', item: strangers },
    ],
  };
}

/** The demo's operator; in other stacks the operator is told by the environment. */
const variables = {
  gateway: 'http://localhost:8000',
  operatorLogin: 'operator',
  operatorPassword: 'operator-password',
  login: '',
  staffLogin: '',
  password: '',
  orderNumber: '',
  otherNumber: '',
  match: '',
};

const freshPerson = [
  `if (!pm.collectionVariables.get('login')) {`,
  `  const run = pm.variables.replaceIn('{{$guid}}').slice(0, 13);`,
  `  pm.collectionVariables.set('login', 'guest-' + run);`,
  `  pm.collectionVariables.set('staffLogin', 'clerk-' + run);`,
  `  pm.collectionVariables.set('password', 'password of ' + run);`,
  `  pm.collectionVariables.set('match', 'kettle ' + run);`,
  // The check digit of Luhn: every second digit from the right counts twice.
  `  const sum = (digits) => [...digits].reverse().reduce((all, d, i) => all + (i % 2 ? d * 2 - (d > 4 ? 9 : 0) : +d), 0);`,
  `  for (const name of ['orderNumber', 'otherNumber']) {`,
  `    const digits = pm.variables.replaceIn('{{$timestamp}}') + String(Math.random()).slice(2, 8);`,
  `    pm.collectionVariables.set(name, digits + ((10 - (sum(digits + '0') % 10)) % 10));`,
  `  }`,
  `}`,
];

const signIn = (who: string, login: string, password: string, token: string): Step => ({
  operation: 'post /v1/sessions',
  name: `Sign in: ${who}`,
  as: 'nobody',
  status: 200,
  body: { login, password },
  saves: { [token]: 'accessToken' },
});
const registering = (who: string, login: string, id: string): Step => ({
  operation: 'post /v1/users',
  name: `Register: ${who}`,
  as: 'nobody',
  status: 201,
  body: { login, password: '{{password}}' },
  saves: { [id]: 'id' },
});

function before(service: string, has: Scenario['customerHas']): readonly object[] {
  const people: readonly Step[] = [
    signIn('operator', '{{operatorLogin}}', '{{operatorPassword}}', 'operatorToken'),
    registering('staff', '{{staffLogin}}', 'staffId'),
    {
      operation: 'put /v1/users/{id}/roles/{role}',
      name: 'Make them staff',
      as: 'operator',
      status: 204,
      params: { id: '{{staffId}}', role: 'staff' },
    },
    signIn('staff', '{{staffLogin}}', '{{password}}', 'staffToken'),
    ...(service === 'identity'
      ? []
      : [
          registering('customer', '{{login}}', 'userId'),
          signIn('customer', '{{login}}', '{{password}}', 'customerToken'),
        ]),
  ];
  const money: readonly Step[] = [
    {
      operation: 'post /v1/accounts',
      name: 'Open an account',
      as: 'customer',
      status: 201,
      saves: { accountId: 'id' },
    },
    {
      operation: 'patch /v1/accounts/{id}',
      name: 'Top it up',
      as: 'customer',
      status: 204,
      params: { id: '{{accountId}}' },
      body: { amount: 1_000_000 },
    },
  ];
  const anOrder: Step = {
    operation: 'post /v1/orders',
    name: 'Place an order',
    as: 'customer',
    status: 201,
    body: { amount: 100 },
  };
  const itemIn = (of: string) => (step: Step) => itemOf(of, step, { name: step.name ?? step.operation }, undefined);
  return [
    ...people.map(itemIn('identity')),
    ...(has === undefined ? [] : money.map(itemIn('payments'))),
    ...(has === 'money and an order' ? [itemIn('orders')(anOrder)] : []),
  ];
}

function itemOf(
  service: string,
  step: Step,
  described: { readonly name: string; readonly description?: unknown },
  answer: Answer | undefined,
): object {
  const { as, params = {}, query = {}, headers = {}, body, operation } = step;
  const [method = '', path = ''] = operation.split(' ');
  const url = path.replace(/\{(\w+)\}/g, ':$1');
  const questions = Object.entries(query).map(([key, value]) => ({ key, value }));
  const search = questions.map(({ key, value }) => `${key}=${value}`).join('&');
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return {
    name: described.name,
    event: [scriptOf('test', testsOf(step, described.name, answer))],
    request: {
      method: method.toUpperCase(),
      ...(described.description !== undefined && { description: described.description }),
      auth: authOf(as),
      header: [
        ...(body === undefined ? [] : [{ key: 'Content-Type', value: written(body).type }]),
        ...Object.entries(headers).map(([key, value]) => ({ key, value })),
      ],
      ...(body !== undefined && { body: { mode: 'raw', raw: written(body).text } }),
      url: {
        raw: `{{gateway}}/api/${service}${url}${search && `?${search}`}`,
        host: ['{{gateway}}'],
        path: `/api/${service}${url}`.split('/').slice(1),
        ...(questions.length > 0 && { query: questions }),
        ...(names.length > 0 && { variable: names.map((key) => ({ key, value: params[key] ?? anyId })) }),
      },
    },
    response: [],
  };
}

const anyId = '00000000-0000-7000-8000-000000000000';

const authOf = (as: As): object =>
  as === 'nobody'
    ? { type: 'noauth' }
    : { type: 'bearer', bearer: [{ key: 'token', value: `{{${as}Token}}`, type: 'string' }] };

const scriptOf = (listen: 'test' | 'prerequest', exec: readonly string[]): object => ({
  listen,
  script: { type: 'text/javascript', exec },
});

function testsOf({ status, saves, until }: Step, name: string, answer: Answer | undefined): readonly string[] {
  const valueAt = (path: string): string =>
    path.split('.').reduce((value, part) => `${value}?.[${JSON.stringify(part)}]`, 'body');
  const checks = [
    `pm.test('answers ${status}', () => pm.response.to.have.status(${status}));`,
    ...(answer === undefined
      ? []
      : [
          `const schema = ${JSON.stringify(answer.schema)};`,
          `pm.test('looks as it is described', () => pm.response.to.have.jsonSchema(schema, { unknownFormats: 'ignore' }));`,
        ]),
    ...(status === 401
      ? [
          `pm.test('says so as it is described', () => pm.expect(pm.response.headers.get('content-type')).to.include('${answer?.type}'));`,
        ]
      : []),
  ];
  const needsBody = saves !== undefined || until !== undefined;
  const found =
    until && `${valueAt(until.at)} ${until.is === undefined ? '!== undefined' : `=== ${JSON.stringify(until.is)}`}`;
  const tries = JSON.stringify(`tries of ${name}`);
  return [
    ...(needsBody ? [`const body = pm.response.code < 300 ? pm.response.json() : undefined;`] : []),
    ...(found === undefined
      ? checks
      : [
          `const tries = Number(pm.collectionVariables.get(${tries}) ?? 0) + 1;`,
          `pm.collectionVariables.set(${tries}, tries);`,
          `if (pm.response.code < 500 && !(${found}) && tries < 600) {`,
          `  pm.execution.setNextRequest(pm.info.requestName);`,
          `} else {`,
          ...checks.map((line) => `  ${line}`),
          `  pm.test('comes to ${until?.is ?? 'be there'}', () => pm.expect(${found}).to.be.true);`,
          `}`,
        ]),
    ...Object.entries(saves ?? {}).map(
      ([variable, path]) => `pm.collectionVariables.set('${variable}', ${valueAt(path)});`,
    ),
  ];
}
