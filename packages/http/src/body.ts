import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isStorable, JsonRefused, parseJson } from './json.js';
import { Problem } from './problem.js';
import type { Declaration } from './route.js';
import { invalid, invalidJson } from './validate.js';

export const MAX_BODY_BYTES = 64 * 1024;
/** How much of a body that is too large is still read, so that its sender gets to see the answer. */
const MAX_DRAINED_BYTES = 1024 * 1024;

/** The client went away before its request was complete: there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

export interface Body {
  /** As text, unpacked. */
  readonly text: string;
  /** What the route's schema gets: a JSON value, a text, or undefined when nothing was sent. */
  readonly value: unknown;
}

export const nothingSent: Body = { text: '', value: undefined };

/** Reads and parses a request's body. @throws Problem 400, 413 or 415 */
export async function readBody(
  request: IncomingMessage,
  { accepts = 'json', gzip = false }: Declaration,
): Promise<Body> {
  const { 'content-type': type, 'content-encoding': encoding = 'identity', 'content-length': length } = request.headers;
  if (length === '0' || (length === undefined && request.headers['transfer-encoding'] === undefined))
    return nothingSent;
  const sent = await readBytes(request, Number(length ?? 0));
  if (sent.length === 0) return nothingSent;
  const kind = kindOf(type);
  if (kind === undefined || (kind === 'text' && accepts === 'json')) {
    throw new Problem(
      'unsupported_media_type',
      `send ${accepts === 'text' ? 'text/plain' : 'application/json'} in UTF-8`,
    );
  }
  const raw = await unpacked(sent, encoding.toLowerCase(), gzip);
  if (!isUtf8(raw)) throw invalid([{ pointer: '', detail: 'is not valid UTF-8' }]);
  const text = raw.toString('utf8');
  return { text, value: valueOf(text, kind) };
}

function valueOf(content: string, kind: 'json' | 'text'): unknown {
  if (kind === 'text') {
    if (!isStorable(content)) throw invalid([{ pointer: '', detail: 'has a character that cannot be kept' }]);
    return content;
  }
  if (content.trim() === '') return undefined;
  try {
    return parseJson(content);
  } catch (error) {
    throw error instanceof JsonRefused ? invalidJson(error) : error;
  }
}

function kindOf(contentType: string | undefined): 'json' | 'text' | undefined {
  if (contentType === 'application/json') return 'json';
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !['utf-8', '"utf-8"', 'utf8', 'us-ascii'].includes(charset)) return undefined;
  return type === 'application/json' ? 'json' : type === 'text/plain' ? 'text' : undefined;
}

async function unpacked(sent: Buffer, encoding: string, gzip: boolean): Promise<Buffer> {
  if (encoding === 'identity') return sent;
  if (encoding !== 'gzip' || !gzip)
    throw new Problem('unsupported_media_type', `content encoding ${gzip ? 'is not gzip' : 'is not taken here'}`);
  try {
    return await promisify(gunzip)(sent, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw invalid([{ pointer: '', detail: 'is not valid gzip' }]);
  }
}

const tooLarge = (headers = {}): Problem =>
  new Problem('payload_too_large', `a body has at most ${MAX_BODY_BYTES} bytes`, { headers });

function readBytes(request: IncomingMessage, announced: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (announced > MAX_DRAINED_BYTES) return reject(tooLarge({ connection: 'close' }));
    let chunks: Buffer[] = [];
    let size = 0;
    let ended = false;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks = [];
      if (size <= MAX_DRAINED_BYTES) return;
      request.pause();
      reject(tooLarge({ connection: 'close' }));
    });
    request.on('end', () => {
      ended = true;
      if (size > MAX_BODY_BYTES) reject(tooLarge());
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    const gone = (): void => {
      if (!ended) reject(new ClientGone());
    };
    request.on('close', gone);
  });
}
