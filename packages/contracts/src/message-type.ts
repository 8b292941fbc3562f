declare const events: unique symbol;
/** Where a MessageType keeps its codec, out of sight of everybody else. */
export const codec: unique symbol = Symbol('codec');

/** A topic's message; `E` maps each case of its oneof to the event that it carries. */
export interface MessageType<E extends object> {
  /** As in the proto files: `gstore.orders.v1.OrderEvent`. */
  readonly name: string;
  readonly [codec]: Codec;
  readonly [events]?: E;
}

export type EventsOf<M> = M extends MessageType<infer E> ? E : never;

export interface Codec {
  /** protobufjs' own codec of the whole message. */
  readonly wire: WireCodec;
  readonly cases: Readonly<Record<string, CaseCodec>>;
}

export interface WireCodec {
  encode(message: object): { finish(): Uint8Array };
  decode(reader: object): { readonly meta: unknown; readonly event?: string; readonly [field: string]: unknown };
}

/** One event's way to the wire and back; the caller keeps value and case together. */
export interface CaseCodec {
  to(value: never): object;
  /** Undefined when the event carries an enum value that this build does not know. */
  from(wired: never): object | undefined;
}

export const messageType = <E extends object>(
  name: string,
  wire: WireCodec,
  cases: { readonly [Case in keyof NoInfer<E>]: CaseCodec },
): MessageType<E> => ({ name, [codec]: { wire, cases: { ...cases } } });
