/** The partition that Kafka's own clients give a key: murmur2, the sign bit masked. The same key, the same partition, for ever. */
export function partitionFor(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

const multiplier = 0x5bd1e995;

/** Austin Appleby's MurmurHash2 with the seed that Kafka uses; a signed 32-bit number. */
function murmur2(key: Buffer): number {
  let hash = 0x9747b28c ^ key.length;
  const whole = key.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    const word = Math.imul(key.readInt32LE(at), multiplier);
    hash = Math.imul(hash, multiplier) ^ Math.imul(word ^ (word >>> 24), multiplier);
  }
  if (whole < key.length) {
    for (let at = key.length - 1; at >= whole; at -= 1) hash ^= key.readUInt8(at) << (8 * (at - whole));
    hash = Math.imul(hash, multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}
