import { toJson } from './json.js';
import type { Reply } from './reply.js';

export interface ServerSentEvent {
  readonly event: string;
  /** What a client that comes back names as `Last-Event-ID`. */
  readonly id?: string;
  readonly data: unknown;
}

/** Keeps the line open when there is nothing to say. */
export const ping = ': ping\n\n';

export const eventFrame = ({ event, id, data }: ServerSentEvent): string =>
  `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${toJson(data)}\n\n`;

/** Server-sent events for as long as the caller listens; `frames` ends when the request's `gone` is aborted. */
export const eventStream = (frames: AsyncIterable<string>): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
  stream: frames,
});
