import { createHash } from 'node:crypto';
import type { Slots, Vector } from './vector.js';

/** Positions as clients keep them: opaque, and the same on every instance that reads the same topics of the same cluster. */
export interface Positions {
  encode(vector: Vector): string;
  /** Undefined for anything that this feed would not have written. */
  decode(position: string): Vector | undefined;
}

const EPOCH_BYTES = 8;
const MOST_BYTES_OF_ONE = 8;
const LONGEST = 1_024;

/** `epoch` differs when offsets mean something else: another cluster, a topic made anew. */
export function createPositions(epoch: string, slots: Slots): Positions {
  const shape = slots.topics.map(({ name, partitions }) => `${name}:${partitions}`).join(',');
  const head = createHash('sha256').update(`1\n${epoch}\n${shape}`).digest().subarray(0, EPOCH_BYTES);
  const scratch = Buffer.alloc(EPOCH_BYTES + slots.count * MOST_BYTES_OF_ONE);
  head.copy(scratch);

  return {
    encode(vector) {
      let at = EPOCH_BYTES;
      for (let slot = 0; slot < slots.count; slot += 1) {
        let rest = vector[slot] ?? 0;
        // Seven bits a byte, the lowest first; by division, for these may be wider than 32 bits.
        while (rest >= 0x80) {
          scratch[at++] = (rest % 0x80) | 0x80;
          rest = Math.floor(rest / 0x80);
        }
        scratch[at++] = rest;
      }
      return scratch.toString('base64url', 0, at);
    },
    decode(position) {
      if (position.length > LONGEST || !/^[\w-]+$/.test(position)) return undefined;
      const bytes = Buffer.from(position, 'base64url');
      if (bytes.length < EPOCH_BYTES || !bytes.subarray(0, EPOCH_BYTES).equals(head)) return undefined;
      const vector: number[] = [];
      let [offset, weight] = [0, 1];
      for (const byte of bytes.subarray(EPOCH_BYTES)) {
        offset += (byte & 0x7f) * weight;
        if (!Number.isSafeInteger(offset)) return undefined;
        if (byte & 0x80) {
          weight *= 0x80;
          continue;
        }
        vector.push(offset);
        [offset, weight] = [0, 1];
      }
      return vector.length === slots.count && weight === 1 ? vector : undefined;
    },
  };
}
