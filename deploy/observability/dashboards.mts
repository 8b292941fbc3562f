import type { Dashboard, Panel } from './panel.mts';

/** Several instances of a service measure the same rows: the largest is the truth, not their sum. */
const worst = (metric: string, by = 'service'): string => `max by (${by}) (${metric})`;
const rate = (metric: string, by: string): string => `sum by (${by}) (rate(${metric}[5m]))`;
const quantile = (q: number, metric: string, by: string): string =>
  `histogram_quantile(${q}, sum by (le, ${by}) (rate(${metric}_bucket[5m])))`;

const requests = (where: string, by: string): Panel => ({
  title: 'Requests',
  about: 'Answered a second.',
  unit: 'reqps',
  asks: [[rate(`http_requests_total${where}`, by), `{{${by}}}`]],
});

export const dashboards: readonly Dashboard[] = [
  {
    uid: 'gstore-shop',
    title: 'the shop',
    panels: [
      {
        title: 'Orders placed',
        about: 'A second, by what was answered: 201 is a new order.',
        unit: 'reqps',
        asks: [
          [rate('http_requests_total{service="orders",method="post",route="/v1/orders"}', 'status'), '{{status}}'],
        ],
      },
      {
        title: 'Time to answer an order',
        about: 'Until the order and its event are committed.',
        unit: 's',
        asks: [0.5, 0.99].map((q) => [
          quantile(q, 'http_request_duration_seconds', 'service').replace(
            '_bucket[',
            '_bucket{service="orders",method="post",route="/v1/orders"}[',
          ),
          `p${q * 100}`,
        ]),
      },
      {
        title: 'Orders that wait too long',
        about: 'PENDING for longer than they should be: docs/runbooks/stuck-order.md.',
        unit: 'short',
        asks: [['max(saga_stuck)', 'stuck']],
        stat: { redFrom: 1 },
      },
      {
        title: 'Payments and points applied',
        about: 'Events a second that each service has taken in.',
        unit: 'ops',
        asks: [[rate('inbox_messages_total{result="applied"}', 'service, topic'), '{{service}} ← {{topic}}']],
      },
      {
        title: 'Answers that are faults',
        about: 'Share of the answers that are 5xx: 503 is a service that says it is full or away.',
        unit: 'percentunit',
        asks: [
          [
            `${rate('http_requests_total{status=~"5.."}', 'service')} / ${rate('http_requests_total', 'service')}`,
            '{{service}}',
          ],
        ],
      },
      {
        title: 'Broken invariants',
        about: 'Money, points and events that do not add up, by what was heard: look at once.',
        unit: 'short',
        asks: [['max by (invariant) (invariant_mismatches)', '{{invariant}}']],
        stat: { redFrom: 1 },
      },
      {
        title: 'Asked of the accrual system',
        about: 'Its answers a second: too many 429 say that its limit is not known.',
        unit: 'ops',
        asks: [[rate('accrual_answers_total', 'answer'), '{{answer}}']],
      },
      {
        title: 'Passwords checked',
        about: 'A second. Each costs a thread 19 MiB and some 20 ms: a flood is somebody who guesses.',
        unit: 'ops',
        asks: [[rate('password_hashes_total', 'service'), '{{service}}']],
      },
    ],
  },
  {
    uid: 'gstore-eventing',
    title: 'eventing',
    panels: [
      {
        title: 'Oldest event that is not published',
        about:
          'Above a second or two: Kafka is away, or no instance has the lease: docs/runbooks/relay-without-leader.md.',
        unit: 's',
        asks: [[worst('outbox_oldest_unpublished_seconds'), '{{service}}']],
      },
      {
        title: 'Events not published',
        about: 'How much will come at once when it goes on.',
        unit: 'short',
        asks: [[worst('outbox_unpublished_rows'), '{{service}}']],
      },
      {
        title: 'Instances that publish',
        about: 'One of each service, always.',
        unit: 'short',
        asks: [['sum by (service) (relay_leader)', '{{service}}']],
      },
      {
        title: 'Published',
        about: 'A second, repeats included.',
        unit: 'ops',
        asks: [[rate('relay_published_total', 'service'), '{{service}}']],
      },
      {
        title: 'Not taken by Kafka',
        about: 'Requests a second that were sent again.',
        unit: 'ops',
        asks: [
          [rate('relay_append_failures_total', 'service'), '{{service}} failed'],
          [rate('relay_fence_changes_total', 'service'), '{{service}} took over'],
        ],
      },
      {
        title: 'Lag',
        about: 'Age of the oldest message that is not applied.',
        unit: 's',
        asks: [[worst('consumer_lag_seconds', 'service, topic'), '{{service}} ← {{topic}}']],
      },
      {
        title: 'Time to apply a batch, p99',
        about: 'From taking it to its commit.',
        unit: 's',
        asks: [[quantile(0.99, 'inbox_apply_seconds', 'service, topic'), '{{service}} ← {{topic}}']],
      },
      {
        title: 'Heard again',
        about: 'Repeats a second; they do nothing. Many after a republish, few otherwise.',
        unit: 'ops',
        asks: [[rate('inbox_duplicates_total', 'service, topic'), '{{service}} ← {{topic}}']],
      },
      {
        title: 'Parked keys',
        about: 'Each is an order or account that waits for an operator: docs/runbooks/parked-message.md.',
        unit: 'short',
        asks: [[worst('parked_keys', 'service, topic'), '{{service}} ← {{topic}}']],
        stat: { redFrom: 1 },
      },
      {
        title: 'Commands to a transaction',
        about: 'On average. It rises with the load: that is what keeps the database’s work down.',
        unit: 'short',
        asks: [
          [
            `${rate('unit_of_work_batch_size_sum', 'service')} / ${rate('unit_of_work_batch_size_count', 'service')}`,
            '{{service}}',
          ],
        ],
      },
      {
        title: 'Oldest transaction',
        about: 'One that stays open keeps old rows from being tidied up.',
        unit: 's',
        asks: [[worst('pg_oldest_transaction_seconds'), '{{service}}']],
      },
      {
        title: 'Readers that wait for a connection',
        about: 'Above 0 for long: slow queries, or more instances are due.',
        unit: 'short',
        asks: [['sum by (service) (pg_pool_waiting)', '{{service}}']],
      },
    ],
  },
  {
    uid: 'gstore-realtime',
    title: 'realtime',
    panels: [
      {
        title: 'Sockets',
        about: 'Open ones, by instance.',
        unit: 'short',
        asks: [['sum by (instance) (ws_connections)', '{{instance}}']],
      },
      {
        title: 'Events for sockets',
        about: 'Records a second that the feed has read, by what they were; every instance reads all.',
        unit: 'ops',
        asks: [[rate('live_events_total', 'result'), '{{result}}']],
      },
      {
        title: 'Came again',
        about: 'Returns a second: `true` were told what they had missed, `false` have to read the state again.',
        unit: 'ops',
        asks: [[rate('ws_resumes_total', 'recovered'), 'recovered {{recovered}}']],
      },
      {
        title: 'Put out',
        about: 'Sockets a second by close code: 4408 slow, 4401 expired, 4403 revoked, 4429 too many, 1012 restart.',
        unit: 'ops',
        asks: [[rate('ws_evicted_total', 'code'), '{{code}}']],
      },
      {
        title: 'Delay of the event loop, p99',
        about: 'What every socket of the instance waits at most.',
        unit: 's',
        asks: [['max by (instance) (nodejs_eventloop_lag_p99_seconds{service="notifications"})', '{{instance}}']],
      },
      {
        title: 'Memory',
        about: 'The ring of ten minutes and the sockets.',
        unit: 'bytes',
        asks: [['max by (instance) (process_resident_memory_bytes{service="notifications"})', '{{instance}}']],
      },
    ],
  },
  {
    uid: 'gstore-service',
    title: 'one service',
    byService: true,
    panels: [
      requests('{service="$service"}', 'route'),
      {
        title: 'Answers',
        about: 'A second, by status.',
        unit: 'reqps',
        asks: [[rate('http_requests_total{service="$service"}', 'status'), '{{status}}']],
      },
      {
        title: 'Time to answer, p99',
        about: 'By route.',
        unit: 's',
        asks: [
          [
            'histogram_quantile(0.99, sum by (le, method, route) (rate(http_request_duration_seconds_bucket{service="$service"}[5m])))',
            '{{method}} {{route}}',
          ],
        ],
      },
      {
        title: 'CPU',
        about: 'Cores, by instance; JavaScript uses one.',
        unit: 'short',
        asks: [['sum by (instance) (rate(process_cpu_seconds_total{service="$service"}[5m]))', '{{instance}}']],
      },
      {
        title: 'Memory',
        about: 'By instance.',
        unit: 'bytes',
        asks: [['max by (instance) (process_resident_memory_bytes{service="$service"})', '{{instance}}']],
      },
      {
        title: 'Delay of the event loop, p99',
        about: 'By instance; above 0.1 s it is too busy.',
        unit: 's',
        asks: [['max by (instance) (nodejs_eventloop_lag_p99_seconds{service="$service"})', '{{instance}}']],
      },
      {
        title: 'Time in garbage collection',
        about: 'Share of the time, by kind.',
        unit: 'percentunit',
        asks: [['sum by (kind) (rate(nodejs_gc_duration_seconds_sum{service="$service"}[5m]))', '{{kind}}']],
      },
      {
        title: 'Connections of readers',
        about: 'Ten at most in each instance.',
        unit: 'short',
        asks: [['sum by (state) (pg_pool_connections{service="$service"})', '{{state}}']],
      },
      {
        title: 'Lag',
        about: 'Age of the oldest message that is not applied, by topic.',
        unit: 's',
        asks: [['max by (topic) (consumer_lag_seconds{service="$service"})', '{{topic}}']],
      },
    ],
  },
];
