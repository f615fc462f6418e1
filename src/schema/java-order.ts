/**
 * The order in which Java's `HashMap` and `HashSet` iterate, for the few places where Cassandra shows it: messages that
 * list option names or columns, replication options and dropped columns in DESCRIBE.
 */

/**
 * Keys in the order of a `HashMap` into which they were put one after another. `capacity` is its number of buckets: 16
 * and doubled as it fills unless the map is a copy (`copiedCapacity`).
 */
export function hashMapOrder(
  keys: Iterable<string>,
  hash: (key: string) => number = stringHash,
  capacity = 16,
): string[] {
  const unique = [...new Set(keys)];
  let buckets = capacity;
  while (unique.length > buckets * 0.75) buckets *= 2;
  const bucket = (key: string): number => {
    const h = hash(key);
    return (h ^ (h >>> 16)) & (buckets - 1);
  };
  // Sorting is stable: keys of one bucket stay in the order they came.
  return unique.sort((a, b) => bucket(a) - bucket(b));
}

/** Buckets of a `HashMap` made as a copy of a map of that size. */
export function copiedCapacity(size: number): number {
  let capacity = 1;
  while (capacity < Math.floor(size / 0.75 + 1)) capacity *= 2;
  return capacity;
}

/** `String.hashCode`. */
export function stringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

/** `ByteBuffer.hashCode` of the text's UTF-8: the hash of a `ColumnIdentifier`. */
export function identifierHash(text: string): number {
  return bufferHash(Buffer.from(text));
}

/** `ByteBuffer.hashCode`. */
export function bufferHash(bytes: Uint8Array): number {
  let hash = 1;
  for (let i = bytes.length - 1; i >= 0; i--) hash = (Math.imul(31, hash) + ((bytes[i] << 24) >> 24)) | 0;
  return hash;
}
