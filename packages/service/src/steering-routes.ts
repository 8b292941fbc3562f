import {
  actorOf,
  decodeCursor,
  encodeCursor,
  nextLink,
  noContent,
  none,
  ok,
  pageQuery,
  route,
  type Route,
} from '@g-store/http';
import type { AuditTrail, OperatorAct } from '@g-store/messaging';
import { areLogLevels } from '@g-store/runtime';
import { z } from 'zod';
import type { Foundation } from './foundation.js';
import { LOG_LEVELS_ACT } from './log-levels.js';
import { ActView } from './operations-views.js';

const tags = ['operations'];
const Levels = z.strictObject({
  levels: z
    .string()
    .max(1_000)
    .refine(areLogLevels, 'must be a level, or module=level, several separated by commas')
    .meta({ example: 'info,relay=debug' }),
});

/** Runs what an operator asks for, and writes down who asked, whatever comes of it. */
async function audited(trail: AuditTrail, act: Omit<OperatorAct, 'outcome'>, run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    await trail.record({ ...act, outcome: 'failed' }).catch(() => undefined); // the first error says more
    throw error;
  }
  await trail.record({ ...act, outcome: 'done' });
}

/** What operators do to the parts of a service while it runs, and what they have done. */
export function steeringRoutes<W>({ relay, hold, log }: Foundation<W>, trail: AuditTrail): readonly Route[] {
  return [
    ...(relay === undefined ? [] : pausing(trail, 'relay', relay)),
    ...(hold === undefined ? [] : pausing(trail, 'consumers', hold)),
    route(
      {
        method: 'put',
        path: '/v1/operations/log-levels',
        summary: 'How much is logged, of everything and by module',
        description:
          'Written as in LOG_LEVELS; in the process that answers at once, in the others within a second or two, in each until it is restarted.',
        tags,
        caller: 'operator',
        body: Levels,
        answers: { 200: Levels },
      },
      async ({ body: { levels }, caller }) => {
        const act = { actor: actorOf(caller), action: LOG_LEVELS_ACT, subject: 'log', detail: levels };
        await audited(trail, act, () => log.setLevels(levels));
        return ok({ levels });
      },
    ),
    route(
      {
        method: 'get',
        path: '/v1/operations/audit',
        summary: 'What operators did here, newest first',
        tags,
        caller: 'operator',
        query: pageQuery,
        answers: { 200: z.object({ acts: z.array(ActView), nextCursor: z.string().nullable() }) },
      },
      async ({ query: { cursor, limit }, url }) => {
        const [before] = decodeCursor(z.tuple([z.uuid()]), cursor) ?? [];
        const acts = await trail.list({ limit, ...(before && { before }) });
        const last = acts.length === limit ? acts.at(-1) : undefined;
        const nextCursor = last ? encodeCursor([last.id]) : null;
        return ok({ acts, nextCursor }, nextLink(url, nextCursor));
      },
    ),
  ];
}

interface Pausable {
  pause(): Promise<void>;
  resume(): Promise<void>;
}

const pausing = (trail: AuditTrail, part: 'relay' | 'consumers', of: Pausable): readonly Route[] =>
  (['pause', 'resume'] as const).map((verb) =>
    route(
      {
        method: 'post',
        path: `/v1/operations/${part}/${verb}`,
        summary: verb === 'pause' ? `Hold the ${part} back` : `Let the ${part} go on`,
        description: 'In every process of the service, within a second or two; restarts change nothing.',
        tags,
        caller: 'operator',
        idempotent: false, // asked twice it is the same by itself
        answers: { 204: none },
        refusals: ['unavailable'],
      },
      async ({ caller }) => {
        const act = { actor: actorOf(caller), action: `${part}.${verb}`, subject: part, detail: '' };
        await audited(trail, act, () => of[verb]());
        return noContent();
      },
    ),
  );
