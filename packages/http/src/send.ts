import type { Request, Response } from 'express';
import { once } from 'node:events';
import { gzip } from 'node:zlib';
import { exchangeOf, type Exchange } from './exchange.js';
import { toJson } from './json.js';
import { problemContentType } from './problem.js';
import type { Reply } from './reply.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Writes a reply to the wire; adds what belongs to this one request: a problem's `instance` and `traceId`, the gateway's prefix. */
export function send(request: Request, response: Response, reply: Reply): void {
  const exchange = exchangeOf(response);
  const { headers = {}, body } = reply;
  const lines = exchange.headers;
  for (const name in headers) {
    const value = headers[name] ?? '';
    lines.push(name, name === 'location' || name === 'link' ? withPrefix(value, exchange.prefix) : value);
  }
  if (headers['cache-control'] === undefined)
    lines.push('cache-control', headers['etag'] === undefined ? 'no-store' : 'private, no-cache');
  if (reply.stream) {
    response.writeHead(reply.status, lines);
    if (request.method === 'HEAD') return void response.end();
    return void sendStream(response, reply.stream);
  }
  if (body === undefined) {
    if (reply.status >= 200 && reply.status !== 204 && reply.status !== 304) lines.push('content-length', '0');
    return void response.writeHead(reply.status, lines).end();
  }
  const content = contentOf(reply, request, exchange);
  if (headers['content-type'] === undefined) lines.push('content-type', JSON_TYPE);
  if (reply.gzip) {
    lines.push('vary', 'Accept-Encoding');
    if (content.length >= WORTH_PACKING && takesGzip(request))
      return sendPacked(response, reply.status, lines, content);
  }
  lines.push('content-length', String(Buffer.byteLength(content)));
  response.writeHead(reply.status, lines).end(content);
}

const WORTH_PACKING = 1024;

const takesGzip = ({ headers }: Request): boolean =>
  /(^|[,\s])(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*(,|$))[^,]*)?\s*(,|$)/i.test(String(headers['accept-encoding'] ?? ''));

function sendPacked(response: Response, status: number, lines: string[], content: string): void {
  gzip(content, (error, packed) => {
    if (error) return void response.destroy();
    lines.push('content-encoding', 'gzip', 'content-length', String(packed.length));
    response.writeHead(status, lines).end(packed);
  });
}

function contentOf({ headers, body }: Reply, request: Request, { traceId, prefix }: Exchange): string {
  const type = headers?.['content-type'];
  if (type === problemContentType)
    return toJson({ ...(body as object), instance: `${prefix}${request.path}`, traceId });
  return typeof body === 'string' && type !== undefined && !type.startsWith('application/json') ? body : toJson(body);
}

/** `/v1/x` in a Location, `</v1/x>` in a Link; an address elsewhere stays as it is. */
const withPrefix = (value: string, prefix: string): string =>
  prefix === '' ? value : value.replace(/^(<?)\/(?!\/)/, `$1${prefix}/`);

async function sendStream(response: Response, stream: AsyncIterable<string>): Promise<void> {
  response.flushHeaders();
  try {
    for await (const piece of stream) {
      if (response.closed) return;
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
  } catch {
    response.destroy(); // half an answer must not look like a whole one
  }
}
