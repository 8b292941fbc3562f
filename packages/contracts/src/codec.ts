import protobuf from 'protobufjs/minimal.js';
import { eventMetaOf, eventMetaWire, type EventMeta } from './generated/events.js';
import { codec, type MessageType } from './message-type.js';

/** `case` is undefined for an event that this build does not know; its meta can still be read. */
export type Decoded<E extends object> =
  | { [Case in keyof E & string]: Told<E, Case> }[keyof E & string]
  | { readonly meta: EventMeta; readonly case: undefined };

/** An event with its meta, as it is encoded. */
export interface Told<E extends object, Case extends keyof E & string> {
  readonly meta: EventMeta;
  readonly case: Case;
  readonly value: E[Case];
}

/** The bytes are no message of this type: broken, or without the meta that every event has. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @throws TypeError or RangeError when a value does not fit its field; nothing is cut or rounded. */
export function encode<E extends object, Case extends keyof E & string>(
  message: MessageType<E>,
  { meta, case: name, value }: Told<E, Case>,
): Buffer {
  const { wire, cases } = message[codec];
  const to = cases[name]?.to;
  if (to === undefined) throw new TypeError(`${message.name} has no case ${name}`);
  if (!uuid.test(meta.eventId)) throw new TypeError(`eventId must be a UUID in lower case, got ${meta.eventId}`);
  return asBuffer(wire.encode({ meta: eventMetaWire(meta), [name]: to(value as never) }).finish());
}

/**
 * An enum value that this build does not know is left out where the field is optional; elsewhere the whole event counts
 * as unknown, just as a new case does.
 * @throws Undecodable, and nothing else, whatever the bytes are.
 */
export function decode<E extends object>(message: MessageType<E>, bytes: Uint8Array): Decoded<E> {
  const { wire, cases } = message[codec];
  try {
    const wired = wire.decode(readerOf(bytes, true));
    if (wired.meta === null) throw new RangeError('the meta is missing');
    const meta = eventMetaOf(wired.meta as Parameters<typeof eventMetaOf>[0]);
    if (!uuid.test(meta.eventId)) throw new RangeError('the event id is no UUID');
    const name = wired.event;
    const value = name === undefined ? undefined : cases[name]?.from(wired[name] as never);
    if (value === undefined) return { meta, case: undefined };
    return { meta, case: name, value } as Decoded<E>;
  } catch (error) {
    throw new Undecodable(`not a ${message.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Decodes and encodes again: what a newer build wrote, in fields that this one does not know, comes out byte for byte.
 * @throws Undecodable
 */
export function reencode<E extends object>(message: MessageType<E>, bytes: Uint8Array): Buffer {
  const { wire } = message[codec];
  try {
    return asBuffer(wire.encode(wire.decode(readerOf(bytes, false))).finish());
  } catch (error) {
    throw new Undecodable(`not a ${message.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readerOf(bytes: Uint8Array, discardUnknown: boolean): protobuf.Reader {
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = discardUnknown; // on the reader, for the default of the class belongs to the whole process
  return reader;
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
