/** Who sends a request. */
export type As = 'nobody' | 'customer' | 'staff' | 'operator';

/** One request of a scenario: an operation of a service with what is sent, and what must come back. */
export interface Step {
  /** `get /v1/orders/{id}`, as in the OpenAPI document. */
  readonly operation: string;
  /** What it shows, when the operation's own summary does not say it. */
  readonly name?: string;
  readonly as: As;
  readonly status: number;
  /** Values may name variables: `{{orderId}}`. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** A text is sent as one, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Variables for later steps, and where in the answer they lie: `orders.0.id`. */
  readonly saves?: Readonly<Record<string, string>>;
  /** Asked again until this place in the answer has this value, or just has one: what happens on the other side of Kafka. */
  readonly until?: { readonly at: string; readonly is?: string };
}

export interface Scenario {
  /** What a new customer needs first, of other services. */
  readonly customerHas?: 'money' | 'money and an order';
  readonly steps: readonly Step[];
}

/** What operators ask every service; one that hears nothing has no parking, one that tells nothing no relay. */
export const operations = ({
  parking,
  relay = true,
}: {
  readonly parking: boolean;
  readonly relay?: boolean;
}): readonly Step[] => [
  { operation: 'get /v1/operations/status', as: 'operator', status: 200 },
  ...(relay ? pausing('relay') : []),
  ...(parking ? [...pausing('consumers'), ...parked] : []),
  { operation: 'put /v1/operations/log-levels', as: 'operator', status: 200, body: { levels: 'info' } },
  { operation: 'get /v1/operations/audit', as: 'operator', status: 200, query: { limit: '20' } },
];

const pausing = (part: 'relay' | 'consumers'): readonly Step[] =>
  ['pause', 'resume'].map((verb) => ({
    operation: `post /v1/operations/${part}/${verb}`,
    as: 'operator',
    status: 204,
  }));

const nothing = { id: '999999999' };
const parked: readonly Step[] = [
  { operation: 'get /v1/operations/parked', as: 'operator', status: 200, query: { state: 'waiting', limit: '20' } },
  { operation: 'get /v1/operations/parked/{id}', as: 'operator', status: 404, params: nothing },
  { operation: 'post /v1/operations/parked/{id}/release', as: 'operator', status: 404, params: nothing },
  {
    operation: 'post /v1/operations/parked/{id}/drop',
    as: 'operator',
    status: 404,
    params: nothing,
    body: { reason: 'sent by mistake' },
  },
  {
    operation: 'post /v1/operations/parked/release',
    as: 'operator',
    status: 202,
    body: { topic: 'no.such.topic', rate: 10 },
  },
];

/** How a step's body is written down, and what it is. */
export const written = (body: unknown): { readonly type: string; readonly text: string } =>
  typeof body === 'string'
    ? { type: 'text/plain', text: body }
    : { type: 'application/json', text: JSON.stringify(body, null, 2) };
