import { z } from 'zod';

const time = z.iso.datetime();

/** How a service is. */
export const StatusView = z.object({
  service: z.string(),
  version: z.string(),
  ready: z.boolean(),
  parts: z
    .record(z.string(), z.object({ ok: z.boolean(), detail: z.string().optional() }))
    .meta({ description: 'What it is ready by' }),
  outbox: z
    .object({
      pending: z.int().meta({ description: 'committed and not known to be published' }),
      oldestSeconds: z.number(),
      leader: z.boolean(),
      paused: z.boolean(),
      connected: z.boolean().meta({ description: 'false: the figures are the last known' }),
      fence: z.string(),
    })
    .optional()
    .meta({ description: 'Missing where nothing is published' }),
  inbox: z
    .object({
      paused: z.boolean(),
      lag: z.record(z.string(), z.int()).meta({ description: 'messages not handled yet, by `topic/partition`' }),
      lagSeconds: z
        .number()
        .meta({ description: 'age of the oldest message in hand; while paused, time since it was' }),
    })
    .optional()
    .meta({ description: 'Missing where nothing is heard' }),
  parked: z.int(),
  sockets: z.int(),
});

export const parkedStates = ['waiting', 'superseded', 'released', 'dropped'] as const;

/** A message that could not be worked in. */
export const ParkedView = z.object({
  id: z.string(),
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  key: z.string(),
  eventId: z.string().nullable(),
  version: z.int().nullable(),
  reason: z.enum(['failed', 'follows', 'gap', 'fork', 'undecodable']),
  error: z.string(),
  attempts: z.int(),
  headers: z.record(z.string(), z.string()).nullable().meta({ description: 'null: it came without any' }),
  state: z.enum(parkedStates),
  parkedAt: time,
  ageSeconds: z.number(),
  decidedAt: time.nullable(),
  decidedBy: z.string().nullable(),
  note: z.string().nullable(),
});

export const WholeParkedView = ParkedView.extend({
  decoded: z.unknown().meta({ description: 'null: nobody can read it' }),
  raw: z.base64(),
});

export const ReleasedView = z.object({
  released: z.int().meta({ description: 'how many ran' }),
  stopped: z.object({ id: z.string(), error: z.string() }).optional().meta({ description: 'what failed again' }),
});

/** What an operator did. */
export const ActView = z.object({
  id: z.uuid(),
  at: time,
  actor: z.string(),
  action: z.string().meta({ example: 'parked.release' }),
  subject: z.string(),
  detail: z.string(),
  outcome: z.enum(['done', 'stopped', 'refused', 'failed']),
});
