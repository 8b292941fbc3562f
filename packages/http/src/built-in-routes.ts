import type { Health, Metrics } from '@g-store/runtime';
import { z } from 'zod';
import { Problem, statusByCode, titleByCode, type Code } from './problem.js';
import { ok, text } from './reply.js';
import { route, type Route } from './route.js';

export interface BuiltInOptions {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly readyz: () => Parts;
  /** OpenAPI documents, by path. */
  readonly documents: Readonly<Record<string, () => object>>;
}

export type Parts = Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;

const parts = z.object({
  ready: z.boolean(),
  parts: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string().optional() })),
});

/** A cache or a scraper may put what it likes behind these. */
const anyQuery = z.looseObject({});

/** What every service answers beside its own routes. */
export const builtInRoutes = ({ health, metrics, readyz, documents }: BuiltInOptions): readonly Route[] => [
  route(
    {
      method: 'get',
      path: '/livez',
      summary: 'Whether the process lives',
      caller: 'public',
      hidden: true,
      query: anyQuery,
      answers: { 200: z.string() },
    },
    async () => text('ok\n'),
  ),
  route(
    {
      method: 'get',
      path: '/readyz',
      summary: 'Whether it can serve; with `?exclude=consumer`, whether it can but for that part',
      caller: 'public',
      hidden: true,
      query: anyQuery,
      answers: { 200: parts, 503: parts },
    },
    async ({ query }) => {
      const { parts: own } = health.readiness();
      const all: Parts = { ...own, ...readyz() };
      const leftOut = [query['exclude']].flat();
      // Whoever is stopping is not ready, whatever is asked.
      const ready = Object.entries(all).every(
        ([name, part]) => part.ok || (name !== 'process' && leftOut.includes(name)),
      );
      const body = { ready, parts: all };
      return ready ? ok(body) : { status: 503, headers: { 'retry-after': '1' }, body };
    },
  ),
  route(
    {
      method: 'get',
      path: '/metrics',
      summary: 'Prometheus',
      caller: 'public',
      hidden: true,
      query: anyQuery,
      answers: { 200: z.string() },
    },
    async () => text(await metrics.text(), { type: metrics.contentType }),
  ),
  ...Object.entries(documents).map(([path, document]) =>
    route(
      {
        method: 'get',
        path,
        summary: 'OpenAPI',
        caller: 'public',
        hidden: true,
        query: anyQuery,
        answers: { 200: z.looseObject({}) },
      },
      async () => ok(document()),
    ),
  ),
  route(
    {
      method: 'get',
      path: '/problems/:code',
      summary: 'What an error code means',
      caller: 'public',
      hidden: true,
      query: anyQuery,
      params: z.strictObject({ code: z.string() }),
      answers: { 200: z.object({ code: z.string(), status: z.int(), title: z.string() }) },
    },
    async ({ params: { code } }) => {
      if (!isCode(code)) throw new Problem('not_found');
      return ok({ code, status: statusByCode[code], title: titleByCode[code] });
    },
  ),
];

const isCode = (text: string): text is Code => Object.hasOwn(statusByCode, text);
