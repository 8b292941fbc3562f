const TEXT = 0x81; // final fragment, opcode 1
const LONGER = 126;

/** One whole unmasked text frame of the websocket protocol (RFC 6455, 5.2), so that many sockets can be sent the same bytes. */
export function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < LONGER ? 2 : 4;
  if (length > 0xffff) throw new RangeError('a message of the feed is never this long');
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = TEXT;
  if (head === 2) {
    frame[1] = length;
  } else {
    frame[1] = LONGER;
    frame.writeUInt16BE(length, 2);
  }
  frame.write(text, head);
  return frame;
}

/** Closes a message that was left open for its position. */
export const frameWith = (open: string, position: string): Buffer => frameOf(`${open},"position":"${position}"}`);

export const frameWithout = (open: string): Buffer => frameOf(`${open}}`);

/** Joins frames; what was joined last is given again to the next one who gets the very same. */
export function createJoin(): (frames: readonly Buffer[]) => Buffer {
  let last: readonly Buffer[] = [];
  let joined = Buffer.alloc(0);
  return (frames) => {
    const [only] = frames;
    if (only !== undefined && frames.length === 1) return only;
    if (frames.length !== last.length || frames.some((frame, at) => frame !== last[at])) {
      last = frames;
      joined = Buffer.concat(frames);
    }
    return joined;
  };
}
