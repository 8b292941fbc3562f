/** A number of a body that is not a whole number a double holds exactly: kept as it was written, for `exactDecimal`. */
export class WrittenNumber {
  constructor(readonly literal: string) {}
}

/** Why a JSON text is refused, and where. */
export class JsonRefused extends Error {
  override readonly name = 'JsonRefused';

  constructor(
    readonly detail: string,
    readonly key?: string,
  ) {
    super(detail);
  }
}

const MAX_DEPTH = 32;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The value of a JSON text from outside. Numbers written as `1e3`, `0.1` or past 2^53 come as `WrittenNumber`.
 * @throws JsonRefused for bad JSON, a repeated key, `__proto__` and its like, deep nesting, or text that no column can hold
 */
export function parseJson(text: string): unknown {
  const value = parsed(text);
  const { plain } = inspect(text);
  return plain ? value : JSON.parse(text, keepLiteral as (key: string, value: unknown) => unknown);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonRefused('is not valid JSON');
  }
}

/** JSON.parse hands over the source text of a number, which lib.d.ts does not know yet. */
const keepLiteral = (_key: string, value: unknown, context: { readonly source?: string }): unknown =>
  typeof value === 'number' && context.source !== undefined && !isPlainNumber(context.source)
    ? new WrittenNumber(context.source)
    : value;

const isPlainNumber = (literal: string): boolean =>
  /^(0|-?[1-9]\d{0,15})$/.test(literal) && Number.isSafeInteger(Number(literal));

/** One pass over a text that is known to be JSON, so that only the structure needs to be followed. */
function inspect(text: string): { readonly plain: boolean } {
  const open: (Set<string> | undefined)[] = []; // the keys of each object around, undefined for an array
  let keyIsNext = false;
  let plain = true;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    switch (character) {
      case '"': {
        const end = endOfString(text, at);
        const string = readString(text, at, end);
        if (keyIsNext) noteKey(open.at(-1), string);
        keyIsNext = false;
        at = end;
        break;
      }
      case '{':
      case '[':
        if (open.push(character === '{' ? new Set() : undefined) > MAX_DEPTH)
          throw new JsonRefused('is nested too deeply');
        keyIsNext = character === '{';
        break;
      case '}':
      case ']':
        open.pop();
        keyIsNext = false;
        break;
      case ',':
        keyIsNext = open.at(-1) !== undefined;
        break;
      default:
        if (character === '-' || (character !== undefined && character >= '0' && character <= '9')) {
          const literal = numberAt(text, at);
          plain &&= isPlainNumber(literal);
          at += literal.length - 1;
        }
    }
  }
  return { plain };
}

function noteKey(keys: Set<string> | undefined, key: string): void {
  if (forbiddenKeys.has(key)) throw new JsonRefused('is not known', key);
  if (keys?.has(key)) throw new JsonRefused('is given twice', key);
  keys?.add(key);
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
  }
}

function readString(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) return raw;
  const string = JSON.parse(text.slice(start, end + 1)) as string;
  if (!isStorable(string)) throw new JsonRefused('has a character that cannot be kept');
  return string;
}

/** No NUL, which PostgreSQL has no place for, and no half of a surrogate pair. */
export const isStorable = (string: string): boolean => !string.includes('\0') && string.isWellFormed();

const number = /[-+.\deE]*/y;

function numberAt(text: string, start: number): string {
  number.lastIndex = start;
  return number.exec(text)?.[0] ?? '';
}

declare global {
  interface JSON {
    rawJSON(text: string): unknown;
  }
}

/** A number of an answer, written exactly like this. */
export const exactNumber = (literal: string): unknown => JSON.rawJSON(literal);

/** The JSON of an answer; a bigint is written as an integer. */
export function toJson(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch {
    return JSON.stringify(body, (_key, value: unknown) =>
      typeof value === 'bigint' ? exactNumber(String(value)) : value,
    );
  }
}
